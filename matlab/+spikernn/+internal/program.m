function line = program()
%PROGRAM  The start of a command line of spikernn.
%   The variable SPIKERNN_COMMAND has it, if it is set; otherwise Deno runs the
%   bundle (dist/spikernn.js) or the command line of the clone that this is in.
  line = getenv('SPIKERNN_COMMAND');
  if ~isempty(line)
    return
  end
  % From matlab/+spikernn/+internal/program.m.
  root = mfilename('fullpath');
  for level = 1:4
    root = fileparts(root);
  end
  bundle = fullfile(root, 'dist', 'spikernn.js');
  deno = getenv('SPIKERNN_DENO');
  if isempty(deno)
    deno = 'deno';
  end
  if exist(bundle, 'file')
    line = [spikernn.internal.quoted(deno), ' run -A --no-config --unstable-worker-options ', spikernn.internal.quoted(bundle)];
  elseif exist(fullfile(root, 'cli.ts'), 'file')
    line = [spikernn.internal.quoted(deno), ' run -A ', spikernn.internal.quoted(fullfile(root, 'cli.ts'))];
  else
    error('spikernn:failure', ...
          'Cannot find spikernn: set SPIKERNN_COMMAND, as in "deno run -A --unstable-worker-options /path/spikernn.js"');
  end
end
