function files = models_in(folder)
%MODELS_IN  Model files below a folder, oldest first.
  files = {};
  found = dir(fullfile(folder, 'models'));
  stack = {fullfile(folder, 'models')};
  if isempty(found)
    return
  end
  while ~isempty(stack)
    here = stack{end};
    stack(end) = [];
    for each = dir(here)'
      path = fullfile(here, each.name);
      if each.isdir && ~strcmp(each.name(1), '.')
        stack{end + 1} = path; %#ok<AGROW>
      elseif ~each.isdir && ~isempty(regexp(each.name, '\.mat$', 'once'))
        files{end + 1} = path; %#ok<AGROW>
      end
    end
  end
  files = sort(files);
end
