function remove_folder(folder)
%REMOVE_FOLDER  Remove a folder and what is in it.
  if exist('OCTAVE_VERSION', 'builtin')
    confirm_recursive_rmdir(false, 'local');
  end
  rmdir(folder, 's');
end
