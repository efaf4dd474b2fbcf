# SPDX-License-Identifier: GPL-3.0-or-later
add_fuzz_target(yaml SOURCES yaml_fuzz.cpp USES object)
add_fuzz_target(json SOURCES json_fuzz.cpp USES object)
