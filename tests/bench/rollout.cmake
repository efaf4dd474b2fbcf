# SPDX-License-Identifier: GPL-3.0-or-later
add_bench(rollout SOURCES rollout_bench.cpp measure.h USES rollout object)
add_bench(rollout_world SOURCES rollout_world_bench.cpp measure.h USES control rollout object Qt6::Core)
