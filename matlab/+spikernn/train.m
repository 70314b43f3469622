function net = train(task, varargin)
%TRAIN  Train a rate network on a task.
%   NET = SPIKERNN.TRAIN(TASK) trains on a built-in task ('go-nogo', 'mante',
%   'xor', 'xor-original', 'dms', 'afc') or on that of a TypeScript file.
%   NET = SPIKERNN.TRAIN(TASK, NAME, VALUE, ...) sets what `train` takes, by the
%   names of its flags: 'N', 'P_inh', 'seed', 'n_trials', 'decay_taus', ...;
%   docs/reference/settings.md has all of them.
%
%   NET is a structure with the fields of the model file (docs/reference/model-file.md):
%   w (NxN, a row is a postsynaptic unit), m, som_m, w_in (NxC), w_out (1xN),
%   b_out, taus_gaus, losses, ... Without 'output' or 'output_dir' no file is left.
%
%   Example:
%     net = spikernn.train('dms', 'N', 100, 'seed', 1);
%     W = net.w * net.m .* net.som_m;
%
%   See also SPIKERNN.MAP, SPIKERNN.SIMULATE.
  if nargin < 1
    task = 'go-nogo';
  end
  settings = spikernn.internal.settings_of(varargin);
  named = isfield(settings, 'output_dir');
  if named
    folder = settings.output_dir;
    before = spikernn.internal.models_in(folder);
  else
    folder = spikernn.internal.temporary_folder();
    clean = onCleanup(@() spikernn.internal.remove_folder(folder));
    settings.output_dir = folder;
    before = {};
  end
  if ~named && ~isfield(settings, 'plots')
    settings.plots = false;
  end
  settings.task = spikernn.internal.plain_text(task);
  spikernn.internal.run_command('train', {}, settings);
  if isfield(settings, 'output')
    net = spikernn.load(settings.output);
    return
  end
  made = setdiff(spikernn.internal.models_in(folder), before);
  if isempty(made)
    error('spikernn:failure', 'Cannot find the network that was trained');
  end
  net = spikernn.load(made{end});
end
