#!/usr/bin/env bash
# Starts a real SLURM of two nodes, n1 and n2, on this machine: as root, on the
# loopback interface, with everything in one folder and nothing in /etc.
#
#   start.sh FOLDER [CPUS] [PORT]
#
# FOLDER is made; its path must be short, since Unix sockets are in it. CPUS are
# those of a node (2), more than there are if need be. PORT (16817) and the two
# after it are used. Afterwards every client talks to this cluster where
# SLURM_CONF=FOLDER/slurm.conf is set. stop.sh FOLDER ends it.
set -euo pipefail
dir=${1:?a folder} cpus=${2:-2} port=${3:-16817}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

fail() {
  echo "start.sh: $*" >&2
  tail -n 10 "$dir"/log/* >&2 || true
  "$here/stop.sh" "$dir"
  exit 1
}

[ "$(id -u)" = 0 ] || { echo "start.sh: SLURM's daemons need root" >&2; exit 1; }
mkdir -p "$dir"
dir=$(cd "$dir" && pwd)
mkdir -p "$dir"/{log,pid,run,state,spool}
# munged insists on a safe folder, and on a socket that others can reach.
chmod 755 "$dir" "$dir"/{log,run}
head -c 1024 /dev/urandom >"$dir/munge.key"
chmod 400 "$dir/munge.key"
memory=$(awk '/MemTotal/ { print int($2 / 1024 / 2) }' /proc/meminfo)

cat >"$dir/slurm.conf" <<CONF
ClusterName=spikernn
SlurmctldHost=localhost(127.0.0.1)
SlurmctldPort=$port
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
CredType=cred/munge
# A requeued job waits for its old credential to expire: 120 s otherwise.
AuthInfo=socket=$dir/run/munge,cred_expire=5
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
MessageTimeout=10
StateSaveLocation=$dir/state
SlurmdSpoolDir=$dir/spool/%n
SlurmctldPidFile=$dir/pid/slurmctld
SlurmdPidFile=$dir/pid/%n
SlurmctldLogFile=$dir/log/slurmctld
SlurmdLogFile=$dir/log/%n
ProctrackType=proctrack/pgid
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SwitchType=switch/none
MpiDefault=none
MailProg=/bin/true
SelectType=select/cons_tres
# The least loaded node first: small arrays spread over both, too.
SelectTypeParameters=CR_CPU_Memory,CR_LLN
DefMemPerCPU=100
SchedulerType=sched/backfill
SchedulerParameters=batch_sched_delay=0,sched_interval=2,bf_interval=2
PriorityType=priority/basic
SlurmdParameters=config_overrides
MinJobAge=3600
MaxArraySize=${SLURM_TEST_MAX_ARRAY:-1001}
MaxJobCount=20000
JobRequeue=1
ReturnToService=2
SlurmctldTimeout=10
SlurmdTimeout=10
KillWait=5
NodeName=n1 NodeHostname=localhost NodeAddr=127.0.0.1 Port=$((port + 1)) CPUs=$cpus RealMemory=$memory State=UNKNOWN
NodeName=n2 NodeHostname=localhost NodeAddr=127.0.0.1 Port=$((port + 2)) CPUs=$cpus RealMemory=$memory State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE DefaultTime=60 State=UP
CONF
export SLURM_CONF="$dir/slurm.conf"

# Each daemon leaves for the background by itself, with a file of its process id.
# Their own files would keep a pipe of the caller open.
start() {
  local name=$1
  shift
  setsid "$@" </dev/null >"$dir/log/$name.out" 2>&1 || fail "$name did not start"
}

start munged munged --key-file="$dir/munge.key" --socket="$dir/run/munge" \
  --pid-file="$dir/pid/munged" --log-file="$dir/log/munged" \
  --seed-file="$dir/munge.seed"
start slurmctld slurmctld -c
start n1 slurmd -N n1
start n2 slurmd -N n2

for _ in $(seq 1 300); do
  idle=$(timeout 5 sinfo -h -N -o %T 2>/dev/null | grep -c '^idle$' || true)
  [ "$idle" = 2 ] && exit 0
  sleep 0.2
done
fail "the nodes are not idle after a minute"
