function word = quoted(text)
%QUOTED  A word of the system's shell.
  if any(text == 10 | text == 13 | text == 0)
    error('spikernn:usage', 'Cannot use a text of several lines: %s', text);
  end
  if ispc()
    word = ['"', strrep(text, '"', '""'), '"'];
  else
    word = ['''', strrep(text, '''', '''\'''''), ''''];
  end
end
