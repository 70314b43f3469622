function folder = temporary_folder()
%TEMPORARY_FOLDER  Make a folder that nobody else has.
  folder = tempname();
  [made, why] = mkdir(folder);
  if ~made
    error('spikernn:failure', 'Cannot make the folder %s: %s', folder, why);
  end
end
