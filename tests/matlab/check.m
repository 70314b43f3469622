% Checks the functions from end to end; run by matlab_test.ts.
assert_equal = @(a, b) assert(isequal(a, b));
net = spikernn.train('go-nogo', 'N', 12, 'n_trials', 4, 'eval_trials', 4, 'seed', 1);
assert_equal(size(net.w), [12, 12]);
assert_equal(numel(net.losses), 4);
mapped = spikernn.map(net, 'trials', 2, 'factors', [30, 60], 'write_anyway', true, 'seed', 1);
assert(any(mapped.opt_scaling_factor == [30, 60]));
assert_equal(mapped.w, net.w);
sim = spikernn.simulate(mapped, 'trial', 'go', 'trials', 2, 'seed', 2);
assert_equal(size(sim.firing_rate), [2, 12]);
assert(min(sim.spike_unit) >= 1 && max(sim.spike_unit) <= 12);
scores = spikernn.evaluate(mapped, 'spiking', true, 'trials', 4, 'seed', 3);
assert(scores.spiking.strict.value >= 0 && scores.rate.paper.value <= 1);
% What cannot be made is a warning.
results = spikernn.analyse(mapped, {'weights', 'psychometric'});
assert_equal(fieldnames(results), {'weights'});
[~, id] = lastwarn();
assert_equal(id, 'spikernn:left_out');
[effects, intact] = spikernn.perturb(mapped, 'from', 'E', 'scale', [0.5, 1], 'trials', 4, 'seed', 4);
assert_equal(numel(effects), 4);
assert_equal(effects{2}.strict.difference, 0);
assert_equal(effects{4}.network, 'spiking');
assert_equal(effects{2}.score.strict, intact.rate.score.strict);
% What is edited counts.
edited = net;
edited.w_out(:) = 0;
edited.b_out(:) = 0.25;
sim = spikernn.simulate(edited, 'rate', true, 'trial', 'go', 'seed', 1);
assert(all(abs(sim.out(:) - 0.25) < 1e-6));
% A folder with what shells take for their own.
folder = fullfile(pwd(), 'it''s $HOME "ü"');
mkdir(folder);
file = fullfile(folder, 'net.mat');
save('-v7', file, '-struct', 'net');
again = spikernn.load(file);
assert_equal(again.w, net.w);
sim = spikernn.simulate(file, 'rate', true, 'trials', 3);
assert_equal(size(sim.out, 1), 3);
assert_equal(numel(dir(folder)), 3);
said = '';
try
  spikernn.train('go-nogo', 'P_inh', 2);
catch problem
  said = problem.message;
end
assert(~isempty(strfind(said, 'Cannot use P_inh "2": allowed are')));
assert_equal(problem.identifier, 'spikernn:usage');
% Units count from 1, and may be truth values.
for chosen = {find(net.inh), logical(net.inh), 'I'}
  sim = spikernn.simulate(net, 'rate', true, 'seed', 1, 'lesion', chosen{1});
  assert_equal(double(sim.lesioned(:)), double(net.inh(:)));
end
scores = spikernn.evaluate(net, 'trials', 2, 'seed', 1, 'lesion', 12);
assert_equal(scores.rate.strict.trials, 2);
% A stimulus is a matrix or a file.
u = zeros(1, 41);
u(11:20) = 0.5;
save('-v7', file, 'u');
one = spikernn.simulate(mapped, 'stimulus', file, 'trials', 2, 'seed', 1);
two = spikernn.simulate(mapped, 'stimulus', u, 'trials', 2, 'seed', 1);
assert_equal(one.out, two.out);
assert_equal(size(two.out), [2, 4000]);
% A name of the model is the caller's.
made = spikernn.train('go-nogo', 'N', 8, 'n_trials', 1, 'output', fullfile(folder, 'made.mat'));
assert_equal(size(made.w), [8, 8]);
wrong = {{struct()}, {net, 'lesion', 13}, {net, 'lesion', 0}, {net, 'lesion', true(1, 3)}, {net, 'stimulus', {u}}};
words = {'no field w', 'units 1 to 12', 'unit 0', '3 truth values', 'a matrix'};
for k = 1:numel(wrong)
  problem = [];
  try
    spikernn.simulate(wrong{k}{:});
  catch problem
  end
  assert_equal(problem.identifier, 'spikernn:usage');
  assert(~isempty(strfind(problem.message, words{k})), problem.message);
end
broken = net;
broken.w(1) = NaN;
try
  spikernn.evaluate(broken);
catch problem
end
assert(isempty(strfind(problem.message, tempdir())), problem.message);
disp('all is well');
