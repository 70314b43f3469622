function [file, clean] = model_file(net)
%MODEL_FILE  A file of its own for a network, and what removes it.
  folder = spikernn.internal.temporary_folder();
  clean = onCleanup(@() spikernn.internal.remove_folder(folder));
  if isstruct(net) && isscalar(net)
    file = fullfile(folder, 'network.mat');
    save('-v7', file, '-struct', 'net');
  elseif ischar(net) && exist(net, 'file')
    [~, name, ending] = fileparts(net);
    file = fullfile(folder, [name, ending]);
    spikernn.internal.copy_file(net, file);
  elseif ischar(net)
    error('spikernn:failure', 'Cannot read %s: there is no such file', net);
  else
    error('spikernn:usage', ...
          'Cannot use a %s as a network: allowed are a structure and a path', class(net));
  end
end
