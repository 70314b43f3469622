#!/usr/bin/env bash
# Ends the cluster that start.sh started in FOLDER, and every task on it: each
# process by its id, after a look at whether it is one of that cluster.
#
#   stop.sh FOLDER
set -uo pipefail
dir=$(cd "${1:?a folder}" 2>/dev/null && pwd) || exit 0
export SLURM_CONF="$dir/slurm.conf"

# Ids are used again: a process is ours if it names the cluster's folder.
ours() {
  { tr '\0' '\n' <"/proc/$1/environ" | grep -qxF "SLURM_CONF=$SLURM_CONF" ||
    tr '\0' ' ' <"/proc/$1/cmdline" | grep -qF -- "$dir/"; } 2>/dev/null
}

# What has ended may still be listed, where nothing waits for it.
runs() {
  kill -0 "$1" 2>/dev/null && ! grep -q '^State:.Z' "/proc/$1/status" 2>/dev/null
}

end() {
  runs "$1" && ours "$1" || return 0
  kill -TERM "$1" 2>/dev/null
  for _ in $(seq 1 50); do
    runs "$1" || return 0
    sleep 0.1
  done
  kill -KILL "$1" 2>/dev/null
}

for name in slurmctld n1 n2 munged; do
  [ -s "$dir/pid/$name" ] && end "$(cat "$dir/pid/$name")"
done
# Tasks and the daemons of their steps outlive the nodes' daemons.
for process in /proc/[0-9]*; do
  id=${process#/proc/}
  [ "$id" = $$ ] || [ "$id" = "$PPID" ] && continue
  tr '\0' '\n' 2>/dev/null <"$process/environ" | grep -qxF "SLURM_CONF=$SLURM_CONF" ||
    continue
  [ "$(cat "$process/comm" 2>/dev/null)" = slurmstepd ] ||
    tr '\0' '\n' 2>/dev/null <"$process/environ" | grep -q '^SLURM_JOB_ID=' ||
    continue
  kill -KILL "$id" 2>/dev/null
done
exit 0
