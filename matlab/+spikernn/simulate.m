function run = simulate(net, varargin)
%SIMULATE  Run trials of a spiking network, or of its rate twin.
%   RUN = SPIKERNN.SIMULATE(NET) gives a structure with the fields of
%   docs/reference/simulate-files.md: out (trials x samples), spike_trial, spike_unit,
%   spike_time (ms), firing_rate (Hz), u, conditions, ... counted from 1.
%   RUN = SPIKERNN.SIMULATE(NET, NAME, VALUE, ...) sets what `simulate` takes:
%   'trials', 'trial', 'rate', 'record', 'seed', 'lesion', ...
%   'stimulus' is a matrix (channels x columns) or a file with a variable u. Units
%   ('lesion', 'stim_units') are numbers from 1, truth values, or classes: 'E', 'I'.
%
%   Example:
%     run = spikernn.simulate(net, 'trial', 'go', 'trials', 20);
%     plot(run.spike_time, run.spike_unit, '.');
%     run = spikernn.simulate(net, 'stimulus', u, 'trials', 20);
%     run = spikernn.simulate(net, 'lesion', find(net.inh));
  [file, clean] = spikernn.internal.model_file(net); %#ok<ASGLU>
  settings = spikernn.internal.units_of(spikernn.internal.settings_of(varargin), file);
  if isfield(settings, 'stimulus') && ~ischar(settings.stimulus)
    if ~isnumeric(settings.stimulus) && ~islogical(settings.stimulus)
      error('spikernn:usage', ...
            'Cannot use a stimulus of class %s: a matrix (channels x columns) or a file is needed', ...
            class(settings.stimulus));
    end
    given = struct('u', double(settings.stimulus));
    settings.stimulus = fullfile(fileparts(file), 'stimulus.mat');
    save('-v7', settings.stimulus, '-struct', 'given');
  end
  if ~isfield(settings, 'output')
    settings.output = fullfile(fileparts(file), 'run.mat');
  end
  if isempty(regexpi(settings.output, '\.mat$', 'once')) ...
      || isfield(settings, 'format') && ~isequal(settings.format, 'mat')
    error('spikernn:usage', ...
          'Cannot simulate: what is read here is a .mat file, leave out format and end output in .mat');
  end
  spikernn.internal.run_command('simulate', {file}, settings);
  run = load(settings.output);
end
