# SPDX-License-Identifier: GPL-3.0-or-later
# One target per folder: the folder's name is the library, the namespace and the test folder.

# The folder of a library, its link name engine::<name>, and what it needs.
#   DEPENDS  libraries its headers mention      USES  libraries only its sources mention
function(tiphys_add_library target alias)
    cmake_parse_arguments(PARSE_ARGV 2 arg "QT" "" "SOURCES;DEPENDS;USES")
    add_library(${target} STATIC ${arg_SOURCES})
    add_library(${alias} ALIAS ${target})
    target_compile_options(${target} PRIVATE ${TIPHYS_WARNINGS})
    target_link_libraries(${target} PUBLIC ${arg_DEPENDS} PRIVATE ${arg_USES})
    if(arg_QT)
        set_target_properties(${target} PROPERTIES AUTOMOC ON)
        target_compile_definitions(${target} PRIVATE QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_NO_CAST_FROM_BYTEARRAY
            QT_NO_URL_CAST_FROM_STRING QT_NO_NARROWING_CONVERSIONS_IN_CONNECT QT_NO_KEYWORDS QT_NO_FOREACH)
    endif()
endfunction()

# add_engine_library(sync SOURCES plan.cpp plan.h DEPENDS base object USES schema pkg::x [QT])
# Plain names are engine folders; names with :: are outside libraries.
function(add_engine_library name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "QT" "" "SOURCES;DEPENDS;USES")
    list(TRANSFORM arg_DEPENDS PREPEND "engine::" REGEX "^[a-z]+$")
    list(TRANSFORM arg_USES PREPEND "engine::" REGEX "^[a-z]+$")
    set(qt "")
    if(arg_QT)
        set(qt QT)
    endif()
    tiphys_add_library(tiphys_${name} engine::${name} ${qt} SOURCES ${arg_SOURCES} DEPENDS ${arg_DEPENDS} USES ${arg_USES})
    target_include_directories(tiphys_${name} PUBLIC ${CMAKE_SOURCE_DIR}/engine)
endfunction()

# add_engine_test(sync SOURCES plan_test.cpp USES sync [QT] [MAIN]): one GoogleTest program per folder, one ctest entry.
# MAIN: the sources bring their own main(). LABELS and ENVIRONMENT go to ctest; exit code 77 counts as skipped.
function(add_engine_test name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "QT;MAIN" "TIMEOUT" "SOURCES;USES;LABELS;ENVIRONMENT")
    list(TRANSFORM arg_USES PREPEND "engine::" REGEX "^[a-z]+$")
    string(REPLACE "-" "_" target tiphys_${name}_test)
    add_executable(${target} ${arg_SOURCES})
    set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
    target_compile_options(${target} PRIVATE ${TIPHYS_WARNINGS})
    target_include_directories(${target} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
    target_compile_definitions(${target} PRIVATE TIPHYS_TEST_DATA="${CMAKE_SOURCE_DIR}/tests/data" TIPHYS_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
        TIPHYS_BINARY_DIR="${CMAKE_BINARY_DIR}")
    target_link_libraries(${target} PRIVATE ${arg_USES} GTest::gmock)
    if(NOT arg_MAIN)
        target_link_libraries(${target} PRIVATE GTest::gtest_main)
    else()
        target_link_libraries(${target} PRIVATE GTest::gtest)
    endif()
    if(arg_QT)
        set_target_properties(${target} PROPERTIES AUTOMOC ON)
        target_link_libraries(${target} PRIVATE Qt6::Core Qt6::Test)
    endif()
    if(NOT arg_TIMEOUT)
        set(arg_TIMEOUT 120)
    endif()
    if(CMAKE_CXX_FLAGS MATCHES "-fsanitize=")
        math(EXPR arg_TIMEOUT "${arg_TIMEOUT} * 5")
    endif()
    add_test(NAME ${name} COMMAND ${target})
    set_tests_properties(${name} PROPERTIES TIMEOUT ${arg_TIMEOUT} LABELS "${arg_LABELS}" SKIP_RETURN_CODE 77
        ENVIRONMENT "QT_QPA_PLATFORM=offscreen;${arg_ENVIRONMENT}")
endfunction()
