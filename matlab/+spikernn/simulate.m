function run = simulate(net, varargin)
%SIMULATE  Run trials of a spiking network, or of its rate twin.
%   RUN = SPIKERNN.SIMULATE(NET) gives a structure with the fields of
%   docs/reference/simulate-files.md: out (trials x samples), spike_trial, spike_unit,
%   spike_time (ms), firing_rate (Hz), u, conditions, ... counted from 1.
%   RUN = SPIKERNN.SIMULATE(NET, NAME, VALUE, ...) sets what `simulate` takes:
%   'trials', 'trial', 'rate', 'record', 'seed', 'lesion', ...
%
%   Example:
%     run = spikernn.simulate(net, 'trial', 'go', 'trials', 20);
%     plot(run.spike_time, run.spike_unit, '.');
  [file, clean] = spikernn.internal.model_file(net); %#ok<ASGLU>
  settings = spikernn.internal.settings_of(varargin);
  if ~isfield(settings, 'output')
    settings.output = fullfile(fileparts(file), 'run.mat');
  end
  spikernn.internal.run_command('simulate', {file}, settings);
  run = load(settings.output);
end
