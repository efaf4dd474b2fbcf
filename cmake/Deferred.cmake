# SPDX-License-Identifier: GPL-3.0-or-later
# Libraries that most commands do not need: loading libarchive (with libxml2 and ICU) and OpenSSL takes longer than they run.
#
# tiphys_deferrable(crypto OpenSSL::Crypto FILE): tiphys::crypto is the library, and in targets that say
# TIPHYS_DEFERS ON it is loaded when a function of it is called (app/deferred/crypto.cpp). Elsewhere than on x86-64 with ELF,
# and where FILE is no shared library, it is the library everywhere.
include_guard(GLOBAL)

function(tiphys_deferrable name target file)
    add_library(tiphys_${name} INTERFACE)
    add_library(tiphys::${name} ALIAS tiphys_${name})
    file(REAL_PATH "${file}" real)
    cmake_path(GET real FILENAME real)
    set(machine "${CMAKE_SYSTEM_NAME} ${CMAKE_SYSTEM_PROCESSOR} ${CMAKE_SIZEOF_VOID_P}")
    if(NOT machine STREQUAL "Linux x86_64 8" OR TIPHYS_PURE_ONLY OR NOT real MATCHES "^lib[a-z]+\\.so\\.[0-9]+")
        target_link_libraries(tiphys_${name} INTERFACE ${target})
        return()
    endif()
    string(TOUPPER ${name} upper)
    add_library(tiphys_deferred_${name} STATIC ${PROJECT_SOURCE_DIR}/app/deferred/${name}.cpp ${PROJECT_SOURCE_DIR}/app/deferred/library.h)
    target_include_directories(tiphys_deferred_${name} PRIVATE ${PROJECT_SOURCE_DIR}/app)
    target_compile_definitions(tiphys_deferred_${name} PRIVATE TIPHYS_${upper}_FILE="${CMAKE_MATCH_0}")
    target_link_libraries(tiphys_deferred_${name} PUBLIC ${CMAKE_DL_LIBS})
    target_link_libraries(tiphys_${name} INTERFACE
        "$<IF:$<BOOL:$<TARGET_PROPERTY:TIPHYS_DEFERS>>,tiphys_deferred_${name},${target}>")
endfunction()
