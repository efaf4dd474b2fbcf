# SPDX-License-Identifier: GPL-3.0-or-later
add_fuzz_target(gotemplate SOURCES gotemplate_fuzz.cpp ${CMAKE_SOURCE_DIR}/tests/engine/text/gotemplate/template_case.cpp USES text)
target_include_directories(tiphys_gotemplate_fuzz PRIVATE ${CMAKE_SOURCE_DIR}/tests)
