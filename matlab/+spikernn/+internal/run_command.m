function events = run_command(name, operands, settings, json)
%RUN_COMMAND  Run a command; its events with JSON, nothing without.
%   What it says of its progress is shown. An error has the command's message.
  words = {name};
  names = fieldnames(settings);
  for k = 1:numel(names)
    words{end + 1} = ['--', names{k}, '=', spikernn.internal.value_text(names{k}, settings.(names{k}))]; %#ok<AGROW>
  end
  json = nargin > 3 && json;
  if json
    words{end + 1} = '--json';
  end
  words = [words, {'--'}, operands];
  line = strjoin([{spikernn.internal.program()}, cellfun(@spikernn.internal.quoted, words, 'UniformOutput', false)], ' ');
  folder = spikernn.internal.temporary_folder();
  clean = onCleanup(@() spikernn.internal.remove_folder(folder));
  out = fullfile(folder, 'out');
  err = fullfile(folder, 'err');
  if ispc()
    status = system([line, ' > ', spikernn.internal.quoted(out), ' 2> ', spikernn.internal.quoted(err)]);
  else
    code = fullfile(folder, 'code');
    % Progress is seen while it goes on, and kept for the error.
    system(['{ ', line, ' 2>&1 >', spikernn.internal.quoted(out), '; echo $? >', spikernn.internal.quoted(code), ...
            '; } | tee ', spikernn.internal.quoted(err), ' >&2']);
    status = str2double(fileread(code));
  end
  if status ~= 0
    said = regexp(fileread(err), '(?m)^spikernn: (.*)$', 'tokens', 'dotexceptnewline');
    if isempty(said)
      error('spikernn:failure', 'Cannot run spikernn (%s): %s', ...
            spikernn.internal.program(), strtrim(fileread(err)));
    end
    kinds = {'failure', 'usage'};
    error(['spikernn:', kinds{1 + (status == 2)}], '%s', in_matlab(said{end}{1}, operands));
  end
  events = {};
  if json
    lines = strsplit(strtrim(fileread(out)), char(10)); %#ok<CHARTEN>
    events = cellfun(@jsondecode, lines, 'UniformOutput', false);
  end
end

function message = in_matlab(message, operands)
  % Names of settings have no dashes here, and files that are not the caller's no name.
  for k = 1:numel(operands)
    message = strrep(message, [' (in "', operands{k}, '")'], '');
    message = strrep(message, operands{k}, 'the network');
  end
  message = regexprep(message, '(^|[^\w-])--([A-Za-z]\w*)', '$1$2');
end
