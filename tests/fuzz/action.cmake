# SPDX-License-Identifier: GPL-3.0-or-later
add_fuzz_target(action SOURCES action_fuzz.cpp USES action RUNS 2000)
target_include_directories(tiphys_action_fuzz PRIVATE ${CMAKE_SOURCE_DIR}/tests)
target_compile_definitions(tiphys_action_fuzz PRIVATE TIPHYS_TEST_DATA="${CMAKE_SOURCE_DIR}/tests/data")

add_fuzz_target(lua SOURCES lua_fuzz.cpp USES object processworker RUNS 2000)
