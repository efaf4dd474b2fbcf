# SPDX-License-Identifier: GPL-3.0-or-later
add_fuzz_target(health SOURCES health_fuzz.cpp USES health RUNS 2000)
target_include_directories(tiphys_health_fuzz PRIVATE ${CMAKE_SOURCE_DIR}/tests)
target_compile_definitions(tiphys_health_fuzz PRIVATE TIPHYS_TEST_DATA="${CMAKE_SOURCE_DIR}/tests/data")
