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
assert(~isempty(strfind(said, 'Cannot use --P_inh "2": allowed are')));
assert_equal(problem.identifier, 'spikernn:usage');
disp('all is well');
