function net = load(file)
%LOAD  Read a model file as a structure.
%   NET = SPIKERNN.LOAD(FILE) has the fields of docs/reference/model-file.md. SAVE writes
%   one: save('-v7', 'network.mat', '-struct', 'net') in Octave,
%   save('network.mat', '-struct', 'net', '-v7') in MATLAB.
  file = spikernn.internal.plain_text(file);
  if ~ischar(file)
    error('spikernn:usage', 'Cannot read a %s: the name of a file is needed', class(file));
  end
  if ~exist(file, 'file')
    error('spikernn:failure', 'Cannot read %s: there is no such file', file);
  end
  net = builtin('load', file);
  if ~isfield(net, 'w') && ~isfield(net, 'w_0')
    error('spikernn:failure', ...
          'Cannot read %s: it holds no network (no field w)', file);
  end
end
