# SPDX-License-Identifier: GPL-3.0-or-later
add_fuzz_target(kustomization SOURCES kustomization_fuzz.cpp USES render)
add_fuzz_target(chartarchive SOURCES chartarchive_fuzz.cpp USES render RUNS 2000)
add_fuzz_target(plugin SOURCES plugin_fuzz.cpp USES render)
