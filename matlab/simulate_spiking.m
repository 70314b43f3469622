function [spikes, out, r, v] = simulate_spiking(path, u, varargin)
% SIMULATE_SPIKING  A trial of the spiking network in a model file of spikernn.
%
%   [spikes, out, r, v] = simulate_spiking('model.mat', u)
%   [...] = simulate_spiking('model.mat', u, 'noise', 0, 'v', v0)
%
% path    a model file that map has written (spikernn map model.mat)
% u       stimulus, channels by columns: one column more than steps of the rate
%         network; the trial lasts (columns - 1) * spikernn_spiking_step ms
% 'noise' multiplies the noise of the model; 1 unless given, 0 for none
% 'v'     initial voltages in mV, one a unit; drawn unless given
%
% spikes  one row a spike: integration step and unit, both from 1. In ms:
%         spikes(:, 1) * spikernn_spiking_dt
% out     output at every integration step
% r       filtered spike trains, units by steps, in 1/s
% v       voltages, units by steps, in mV; +30 where a unit spikes
%
% For MATLAB and Octave; all neuron and synapse models, several layers and
% calibrations: the fields have everything in them. docs/reference/model-file.md tells what
% they mean, docs/how-it-works/neurons.md has the equations.
  options = struct('noise', 1, 'v', []);
  for k = 1:2:numel(varargin)
    if ~isfield(options, varargin{k}) || k == numel(varargin)
      error('Cannot simulate: unknown option, or one without a value; allowed are ''noise'' and ''v''');
    end
    options.(varargin{k}) = varargin{k + 1};
  end
  m = load(path);
  if ~isfield(m, 'spikernn_spiking_w')
    error('Cannot simulate %s: it holds no spiking network, run spikernn map first', path);
  end
  W = m.spikernn_spiking_w;
  w_in = m.spikernn_spiking_w_in;
  units = size(W, 1);
  if size(u, 1) ~= size(w_in, 2) || size(u, 2) < 2
    error('Cannot simulate: a stimulus of %dx%d, needed are %d channels by 2 or more columns', ...
      size(u, 1), size(u, 2), size(w_in, 2));
  end
  if ~all(isfinite(u(:)))
    error('Cannot simulate: the stimulus holds what is not finite');
  end
  if ~isempty(options.v) && numel(options.v) ~= units
    error('Cannot simulate: %d initial voltages, needed is one for each of %d units', ...
      numel(options.v), units);
  end
  neuron = m.spikernn_spiking_neuron;
  synapse = m.spikernn_spiking_synapse;
  dt = m.spikernn_spiking_dt / 1000;      % s from here on
  tm = m.spikernn_spiking_tm / 1000;
  td = m.spikernn_spiking_td / 1000;
  tr = m.spikernn_spiking_tr / 1000;
  peak = m.spikernn_spiking_vpeak;
  per_column = round(m.spikernn_spiking_step / m.spikernn_spiking_dt);
  tref = m.spikernn_spiking_tref / 1000;
  steps = (size(u, 2) - 1) * per_column;

  switch synapse
    case 'double', decay = exp(-dt ./ td); rise = exp(-dt / tr); area = tr * td;
    case 'alpha',  decay = exp(-dt ./ td); rise = decay; area = td .^ 2;
    case 'single', decay = exp(-dt ./ td); rise = []; area = td;
    case 'none',   decay = zeros(units, 1); rise = []; area = repmat(dt, units, 1);
    otherwise, error('Cannot simulate: unknown synapse %s', synapse);
  end
  [jump, w_decay] = deal(0);
  if isfield(m, 'spikernn_spiking_tau_w')
    jump = m.spikernn_spiking_b_w;
    w_decay = exp(-m.spikernn_spiking_dt / m.spikernn_spiking_tau_w);
  end

  now = options.v(:);
  if isempty(now)
    range = m.spikernn_spiking_v0;
    now = range(1) + rand(units, 1) * diff(range);
  end
  [I, h, rate, hr, w, last] = deal(zeros(units, 1));
  spikes = zeros(0, 2);
  out = zeros(1, steps);
  if nargout > 2, r = zeros(units, steps); end
  if nargout > 3, v = zeros(units, steps); end
  for i = 1:steps
    column = floor((2 * i + per_column) / (2 * per_column)) + 1;
    current = I + m.spikernn_spiking_bias + w_in * u(:, column) - w;
    switch neuron
      case {'lif', 'alif'}, slope = current - now;
      case 'qif', slope = now .^ 2 + current;
      case {'eif', 'adex'}
        sharp = m.spikernn_spiking_slope;
        slope = current - now + sharp * exp((now - m.spikernn_spiking_vt) / sharp);
      otherwise, error('Cannot simulate: unknown neuron %s', neuron);
    end
    active = dt * i > last + tref;
    now(active) = now(active) + dt * (slope(active) / tm);
    if options.noise ~= 0
      now = now + options.noise * m.spikernn_spiking_noise * randn(units, 1);
    end
    w = w * w_decay;
    fired = find(now >= peak);
    last(fired) = last(fired) + (dt * i - last(fired));  % rounds as the original does
    w(fired) = w(fired) + jump;
    arriving = sum(W(:, fired), 2) ./ area;
    leaving = zeros(units, 1);
    leaving(fired) = 1 ./ area(fired);
    I = I .* decay;
    rate = rate .* decay;
    if ~isempty(rise)
      I = I + h * dt;
      h = h .* rise + arriving;
      rate = rate + hr * dt;
      hr = hr .* rise + leaving;
    else
      I = I + arriving;
      rate = rate + leaving;
    end
    spikes = [spikes; repmat(i, numel(fired), 1), fired]; %#ok<AGROW>
    out(i) = m.spikernn_spiking_w_out * rate + m.spikernn_spiking_b_out;
    if nargout > 2, r(:, i) = rate; end
    if nargout > 3, v(:, i) = now; v(fired, i) = 30; end
    now(fired) = m.spikernn_spiking_vreset;
  end
end
