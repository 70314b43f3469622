function settings = settings_of(pairs)
%SETTINGS_OF  Names and values as a structure.
  if mod(numel(pairs), 2) ~= 0
    error('spikernn:usage', ...
          'Cannot take the settings: names and values are needed in turn');
  end
  settings = struct();
  for k = 1:2:numel(pairs)
    pairs{k} = spikernn.internal.plain_text(pairs{k});
    if ~ischar(pairs{k}) || isempty(regexp(pairs{k}, '^[A-Za-z]\w*$', 'once'))
      error('spikernn:usage', ...
            'Cannot take the settings: argument %d is no name of a setting', k);
    end
    settings.(pairs{k}) = spikernn.internal.plain_text(pairs{k + 1});
  end
end
