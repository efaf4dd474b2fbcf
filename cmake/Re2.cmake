# SPDX-License-Identifier: GPL-3.0-or-later
# tiphys::re2: RE2, found without pkg-config, which needs minutes to tell what its fifty small libraries are.
#
# Programs link it statically: loading all of them would take longer than most commands run. Modules cannot (Debian builds
# the archives for programs only): where the program that opens them says tiphys_gives_re2, they take the functions from it.
# Archives that nothing needs cost nothing.
include_guard(GLOBAL)
find_library(TIPHYS_RE2_LIBRARY NAMES re2 REQUIRED)
find_library(TIPHYS_RE2_ARCHIVE NAMES libre2.a)
mark_as_advanced(TIPHYS_RE2_LIBRARY TIPHYS_RE2_ARCHIVE)
set(archives ${TIPHYS_RE2_LIBRARY})
if(TIPHYS_RE2_ARCHIVE)
    cmake_path(GET TIPHYS_RE2_ARCHIVE PARENT_PATH folder)
    file(GLOB archives ${folder}/libabsl_*.a)
    list(PREPEND archives ${TIPHYS_RE2_ARCHIVE})
endif()
list(JOIN archives "," archives)
set(is_program "$<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>")
set(is_given "$<BOOL:$<TARGET_PROPERTY:TIPHYS_RE2_IS_GIVEN>>")
add_library(tiphys_re2 INTERFACE)
add_library(tiphys::re2 ALIAS tiphys_re2)
target_link_libraries(tiphys_re2 INTERFACE Threads::Threads "$<${is_program}:$<LINK_GROUP:RESCAN,${archives}>>"
    "$<$<NOT:$<OR:${is_program},${is_given}>>:${TIPHYS_RE2_LIBRARY}>")

# tiphys_gives_re2(PROGRAM MODULE…): the modules, which PROGRAM alone opens, use its RE2.
function(tiphys_gives_re2 program)
    if(NOT CMAKE_SYSTEM_NAME STREQUAL "Linux" OR NOT TIPHYS_RE2_ARCHIVE)
        return()
    endif()
    target_link_options(${program} PRIVATE "-Wl,--export-dynamic-symbol=_ZN*3re23RE2*")
    set_target_properties(${ARGN} PROPERTIES TIPHYS_RE2_IS_GIVEN ON)
endfunction()
