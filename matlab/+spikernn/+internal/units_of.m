function settings = units_of(settings, file)
%UNITS_OF  Units that count from 1 here, or truth values, as the flags have them.
  names = {'lesion', 'stim_units'};
  for k = 1:numel(names)
    if ~isfield(settings, names{k})
      continue
    end
    units = settings.(names{k});
    if ~isnumeric(units) && ~islogical(units)
      continue
    end
    count = count_of(file);
    if islogical(units)
      if numel(units) ~= count
        error('spikernn:usage', ...
              'Cannot use %s: %d truth values, needed is one for each of %d units', ...
              names{k}, numel(units), count);
      end
      units = find(units);
    end
    wrong = units(units < 1 | units > count | units ~= round(units));
    if ~isempty(wrong)
      error('spikernn:usage', ...
            'Cannot use %s: unit %g, the network has units 1 to %d', ...
            names{k}, double(wrong(1)), count);
    end
    if isempty(units) && strcmp(names{k}, 'lesion')
      settings = rmfield(settings, names{k});
    else
      settings.(names{k}) = double(units) - 1;
    end
  end
end

function count = count_of(file)
  % Rows of w, or of w_0, w_1, ... of several layers.
  net = builtin('load', file);
  names = fieldnames(net);
  count = 0;
  for k = 1:numel(names)
    if ~isempty(regexp(names{k}, '^w(_\d+)?$', 'once'))
      count = count + size(net.(names{k}), 1);
    end
  end
end
