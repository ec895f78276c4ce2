#!/usr/bin/env bash
# A comparison as a Slurm job array: each task makes one part of the runs.
#
#   sbatch --array=1-16 Examples/scale/slurm-array.sh node.yaml profiles/*.yaml --scenario two-minute-cycle --seeds 400
#   timenode compare --merge parts/part-*.json --output report.html
#
# The arguments are those of `timenode compare`. Read from the environment:
#   TIMENODE   the program, the same file for all tasks; `timenode` if unset
#   PART_DIR   where parts go, a folder that all machines see; `parts` if unset
#   PARTS      into how many parts; the size of the array if unset. To make part 3 of 16 again after a failure:
#              PARTS=16 sbatch --array=3 Examples/scale/slurm-array.sh ... (the same arguments)
#
#SBATCH --job-name=timenode
#SBATCH --array=1-4
#SBATCH --cpus-per-task=1
#SBATCH --output=timenode-%A-%a.log
set -euo pipefail

parts=${PARTS:-$SLURM_ARRAY_TASK_COUNT}
folder=${PART_DIR:-parts}
mkdir -p "$folder"
exec "${TIMENODE:-timenode}" compare "$@" \
    --jobs "${SLURM_CPUS_PER_TASK:-1}" \
    --shard "$SLURM_ARRAY_TASK_ID/$parts" --output "$folder/part-$SLURM_ARRAY_TASK_ID.json"
