function [file, clean] = model_file(net)
%MODEL_FILE  A file of its own for a network, and what removes it.
  net = spikernn.internal.plain_text(net);
  if isstruct(net) && isscalar(net) && ~isfield(net, 'w') && ~isfield(net, 'w_0')
    error('spikernn:usage', 'Cannot use the structure as a network: it has no field w');
  end
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
          'Cannot use a %s of %s as a network: allowed are one structure and a path', ...
          class(net), strrep(num2str(size(net)), '  ', 'x'));
  end
end
