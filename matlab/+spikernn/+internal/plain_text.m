function value = plain_text(value)
%PLAIN_TEXT  Strings of MATLAB as rows of characters; anything else as it is.
  if isa(value, 'string') && isscalar(value)
    value = char(value);
  elseif isa(value, 'string')
    value = cellstr(value(:)');
  end
end
