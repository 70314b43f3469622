function scores = evaluate(net, varargin)
%EVALUATE  Evaluate a network on fresh trials of its task.
%   SCORES = SPIKERNN.EVALUATE(NET) gives a structure with the field `rate`: its
%   score, with `strict` and `paper` (value from 0 to 1, and low and high of its
%   95 % interval), `loss`, `outputError` and `conditions`.
%   SCORES = SPIKERNN.EVALUATE(NET, 'spiking', true) has the field `spiking` as
%   well. Further names are those of the flags of `eval`: 'trials', 'seed', ...
%   Units ('lesion', 'stim_units') are numbers from 1, or truth values.
%
%   Example:
%     scores = spikernn.evaluate(net, 'spiking', true);
%     fprintf('%.0f %%\n', 100 * scores.spiking.strict.value);
  [file, clean] = spikernn.internal.model_file(net); %#ok<ASGLU>
  settings = spikernn.internal.units_of(spikernn.internal.settings_of(varargin), file);
  events = spikernn.internal.run_command('eval', {file}, settings, true);
  scores = struct();
  for k = 1:numel(events)
    if strcmp(events{k}.kind, 'evaluation')
      scores.(events{k}.network) = events{k}.score;
    end
  end
end
