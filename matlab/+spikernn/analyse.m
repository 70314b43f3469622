function results = analyse(net, names, varargin)
%ANALYSE  Analyse a network and its spiking twin.
%   RESULTS = SPIKERNN.ANALYSE(NET) runs every analysis, and
%   RESULTS = SPIKERNN.ANALYSE(NET, NAMES) those that are named, a text or a cell
%   of texts: 'trajectories', 'tuning', 'weights', ... RESULTS has a field for
%   each, with the arrays of its file ('fixed-points' is fixed_points).
%   An analysis that cannot be made is a warning, and has no field.
%   SPIKERNN.ANALYSE(NET, NAMES, NAME, VALUE, ...) sets what `analyse` takes.
%
%   Example:
%     results = spikernn.analyse(net, 'weights');
  if nargin < 2 || isempty(names)
    names = {};
  end
  names = spikernn.internal.plain_text(names);
  if ischar(names)
    names = {names};
  end
  [file, clean] = spikernn.internal.model_file(net); %#ok<ASGLU>
  settings = spikernn.internal.settings_of(varargin);
  if ~isfield(settings, 'output')
    settings.output = fullfile(fileparts(file), 'analysis');
  end
  try
    spikernn.internal.run_command('analyse', [{file}, names(:)'], settings);
  catch failure
    % Those that could be made are there.
    if isempty(strfind(failure.message, 'the other analyses were made')) %#ok<STREMP>
      rethrow(failure);
    end
    warning('spikernn:left_out', '%s', failure.message);
  end
  results = struct();
  files = dir(fullfile(settings.output, '*.mat'));
  for k = 1:numel(files)
    [~, name] = fileparts(files(k).name);
    path = fullfile(settings.output, files(k).name);
    results.(regexprep(name, '\W', '_')) = load(path);
  end
end
