function net = map(net, varargin)
%MAP  Search the scaling factor that maps a network to spikes.
%   NET = SPIKERNN.MAP(NET) takes a network (a structure of SPIKERNN.TRAIN or
%   SPIKERNN.LOAD, or the path of a model file) and gives one with
%   opt_scaling_factor, scaling_factors, all_perfs and what else a search writes.
%   NET = SPIKERNN.MAP(NET, NAME, VALUE, ...) sets what `map` takes, by the names
%   of its flags: 'trials', 'factors', 'calibrate', ... Files stay as they are.
%
%   Example:
%     net = spikernn.map(net, 'trials', 50, 'calibrate', {'readout', 'units'});
  [file, clean] = spikernn.internal.model_file(net); %#ok<ASGLU>
  settings = spikernn.internal.settings_of(varargin);
  settings.force = true;
  spikernn.internal.run_command('map', {file}, settings);
  net = spikernn.load(file);
end
