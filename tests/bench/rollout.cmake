# SPDX-License-Identifier: GPL-3.0-or-later
add_bench(rollout SOURCES rollout_bench.cpp measure.h USES rollout object)
