# SPDX-License-Identifier: GPL-3.0-or-later
# Compiler, linker and cache choices that every target shares.
set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_CXX_SCAN_FOR_MODULES OFF)

find_program(TIPHYS_CCACHE ccache)
if(TIPHYS_CCACHE)
    # Checkouts in different folders share results.
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${TIPHYS_CCACHE})
    set(CMAKE_C_COMPILER_LAUNCHER ${CMAKE_CXX_COMPILER_LAUNCHER})
endif()
find_program(TIPHYS_MOLD mold)
if(TIPHYS_MOLD AND NOT MINGW)
    add_link_options(-fuse-ld=mold)
endif()

# Documents are nested as deep as their limits allow: a main thread has as much stack everywhere (async/job_pool.h for the others).
if(MINGW)
    add_link_options(-Wl,--stack,8388608)
elseif(MSVC)
    add_link_options(/STACK:8388608)
endif()

if(CMAKE_CXX_COMPILER_ID MATCHES "GNU|Clang")
    set(TIPHYS_WARNINGS -Wall -Wextra -Wpedantic -Wshadow=local -Wnon-virtual-dtor -Woverloaded-virtual -Wno-missing-field-initializers)
    if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
        set(TIPHYS_WARNINGS -Wall -Wextra -Wpedantic -Wnon-virtual-dtor -Wno-missing-field-initializers -Wno-missing-designated-field-initializers)
    endif()
elseif(MSVC)
    set(TIPHYS_WARNINGS /W4)
endif()
