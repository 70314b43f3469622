function text = value_text(name, value)
%VALUE_TEXT  A setting's value as the command line takes it.
  if ischar(value)
    text = value;
  elseif iscellstr(value)
    text = strjoin(value(:)', ',');
  elseif islogical(value) && isscalar(value)
    words = {'false', 'true'};
    text = words{value + 1};
  elseif isnumeric(value) && isreal(value)
    parts = arrayfun(@(x) sprintf('%.17g', x), double(value(:)'), ...
                     'UniformOutput', false);
    text = strjoin(parts, ',');
    if isempty(parts)
      text = 'none';
    end
  else
    error('spikernn:usage', ...
          'Cannot use %s: it is a %s, allowed are numbers, truth values, texts and cells of texts', ...
          name, class(value));
  end
end
