% Makes octave_v6.mat and octave_v7.mat (Octave 7.3): octave-cli make_octave.m
% The last variable tells whether everything before it was read to its end.
d = [1 2.5; -3 Inf; 0 5];
f = single([0.1 -2; 3 4]);
i8 = int8([-128 127]); u8 = uint8([0 255]);
i16 = int16([-32768; 32767]); u16 = uint16(65535);
i32 = int32(-2147483648); u32 = uint32(4294967295);
i64 = int64([-9007199254740993 7]); u64 = uint64(18446744073709551615);
l = logical([1 0 1; 0 0 1]);
z = [1+2i 3-4i];
s = 'sigmoid'; empty = ''; accents = 'naïve Ω';
rows = ['abc'; 'def'];
nothing = zeros(0, 3);
cube = reshape(1:24, 2, 3, 4);
c = {1, 'two'; [3 4], {5}};
st.name = 'x'; st.value = [1; 2]; st.inner.deep = true;
sts = struct('a', {1, 'b', []});
sp = sparse([1 3 2], [1 1 4], [10 30 24.5], 3, 4);
range = 1:5;
last = 'end';
save -v6 octave_v6.mat
save -v7 octave_v7.mat
% Exactly four bytes of text in two rows: Octave 7 gives a wrong length.
four = ['ab'; 'cd']; last = 7;
save -v6 octave_v6_four_bytes.mat four last
% What a search appends with Octave's own -append.
opt_scaling_factor = NaN; save -v7 octave_append.mat opt_scaling_factor
opt_scaling_factor = 50; all_perfs = [0.5; 1];
save -append -v7 octave_append.mat opt_scaling_factor all_perfs
