function [effects, intact] = perturb(net, varargin)
%PERTURB  Change a network, and say what that does.
%   EFFECTS = SPIKERNN.PERTURB(NET, NAME, VALUE, ...) runs a network and, if it
%   was mapped, its spiking twin with what the flags of `perturb` ask for: 'from',
%   'to', 'scale', 'cut', 'lesion', ... EFFECTS is a cell with a structure for
%   each network and point: `network`, `parts` (kind, from, to, amount, window),
%   `score`, and `strict` and `paper`, the paired comparisons with the intact
%   network on the same trials (difference, low, high, p).
%   [EFFECTS, INTACT] = ... also gives the intact network: a field for each of
%   'rate' and 'spiking', with `score`.
%
%   Example:
%     effects = spikernn.perturb(net, 'from', 'I', 'to', 'I', 'scale', [0.7, 1.3]);
%     fprintf('%+.1f %%\n', 100 * effects{1}.strict.difference);
  [file, clean] = spikernn.internal.model_file(net); %#ok<ASGLU>
  settings = spikernn.internal.settings_of(varargin);
  if ~isfield(settings, 'output')
    settings.output = fullfile(fileparts(file), 'perturbed');
  end
  events = spikernn.internal.run_command('perturb', {file}, settings, true);
  effects = {};
  intact = struct();
  for k = 1:numel(events)
    switch events{k}.kind
      case 'perturbation'
        effects{end + 1} = events{k}; %#ok<AGROW>
      case 'intact'
        intact.(events{k}.network) = events{k};
    end
  end
end
