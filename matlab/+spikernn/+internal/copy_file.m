function copy_file(from, to)
%COPY_FILE  Copy a file, whatever letters its name has.
%   Octave's own function asks a shell, which takes $ and quotes for its own.
  source = fopen(from, 'r');
  if source < 0
    error('spikernn:failure', 'Cannot read %s', from);
  end
  bytes = fread(source, Inf, '*uint8');
  fclose(source);
  target = fopen(to, 'w');
  if target < 0 || fwrite(target, bytes, 'uint8') ~= numel(bytes) || fclose(target) ~= 0
    error('spikernn:failure', 'Cannot write %s', to);
  end
end
