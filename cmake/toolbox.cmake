# How the build is done: mobilytics_module() and what speeds it up.

find_program(CCACHE ccache)
if(CCACHE)
    # Precompiled headers through ccache: see its manual, "Precompiled headers".
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
        CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
        CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${CCACHE})
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    add_compile_options("SHELL:-Xclang -fno-pch-timestamp")
endif()
find_program(MOLD mold)
if(MOLD)
    add_link_options(-fuse-ld=mold)
endif()

# One precompiled header for modules and one for tests, made once.
function(mobilytics_precompiled)
    file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/generated)
    if(NOT TARGET foundation_needs)
        # What every module is compiled with: a precompiled header must be as well.
        add_library(foundation_needs INTERFACE)
        target_link_libraries(foundation_needs INTERFACE Boost::json date::date-tz)
    endif()
    foreach(which module test)
        if(NOT TARGET precompiled_${which})
            file(WRITE ${CMAKE_BINARY_DIR}/generated/precompiled_${which}.cpp.new "")
            configure_file(${CMAKE_BINARY_DIR}/generated/precompiled_${which}.cpp.new
                ${CMAKE_BINARY_DIR}/generated/precompiled_${which}.cpp COPYONLY)
            add_library(precompiled_${which} OBJECT
                ${CMAKE_BINARY_DIR}/generated/precompiled_${which}.cpp)
            # It holds its checkout's path: one of the cache, of a checkout that is gone, cannot be read.
            set_target_properties(precompiled_${which} PROPERTIES CXX_COMPILER_LAUNCHER "")
            target_precompile_headers(precompiled_${which} PRIVATE
                ${CMAKE_SOURCE_DIR}/cmake/precompiled_${which}.h)
            target_link_libraries(precompiled_${which} PRIVATE foundation_needs)
        endif()
    endforeach()
    target_link_libraries(precompiled_test PRIVATE GTest::gmock)
endfunction()

# For mobilytics_module: has a tool make <name>_<suffix>.{h,cpp} of the module's `inputs`.
macro(mobilytics_generate suffix tool inputs)
    set(made ${CMAKE_BINARY_DIR}/generated/${module}/${name}_${suffix})
    file(GLOB tool_parts CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tools/*.py)
    add_custom_command(
        OUTPUT ${made}.h ${made}.cpp
        COMMAND ${Python3_EXECUTABLE} -B ${CMAKE_SOURCE_DIR}/tools/${tool} ${ARGN}
                ${CMAKE_BINARY_DIR}/generated
        DEPENDS ${tool_parts} ${inputs})
    list(APPEND sources ${made}.cpp)
    list(APPEND made_headers ${made}.h)
endmacro()

# Programs that serve are linked with jemalloc: half the cost of an allocation, and memory that does
# not crumble over weeks. Not with a sanitizer, which has its own.
find_library(JEMALLOC jemalloc)
function(mobilytics_allocator program)
    if(JEMALLOC AND CMAKE_BUILD_TYPE STREQUAL "Release")
        target_sources(${program} PRIVATE ${CMAKE_SOURCE_DIR}/cmake/allocator.cpp)
        set_source_files_properties(${CMAKE_SOURCE_DIR}/cmake/allocator.cpp
            TARGET_DIRECTORY ${program} PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
        target_link_libraries(${program} PRIVATE ${JEMALLOC})
    endif()
endfunction()

# What MOBILYTICS_PARTS=sensor is built of.
set(sensor_parts foundation platform/config platform/crypto platform/mqtt platform/fetch
    pipeline/wire pipeline/sensor apps/sensor)
function(mobilytics_is_part folder result)
    if(MOBILYTICS_PARTS STREQUAL all OR folder IN_LIST sensor_parts)
        set(${result} TRUE PARENT_SCOPE)
    else()
        set(${result} FALSE PARENT_SCOPE)
    endif()
endfunction()

# A module is a folder of src/. Its *.cpp become a library, its *_test.cpp a test, its *_bench.cpp a
# benchmark, its *_fuzz.cpp fuzzers, its openapi.yaml a mount(), its migrations/*.sql a list of them
# (duckdb/migrations/*.sql another, for DuckDB), its *.proto messages. Folders inside it belong to it. A folder that is not there is passed over.
function(mobilytics_module module)
    cmake_parse_arguments(PARSE_ARGV 1 needs "" "" "DEPENDS;TEST_DEPENDS")
    set(folder ${CMAKE_SOURCE_DIR}/src/${module})
    mobilytics_is_part(${module} wanted)
    if(NOT wanted OR NOT EXISTS ${folder})
        return()
    endif()
    string(REPLACE / _ target ${module})
    # Names with a slash are modules of ours; those not there yet are passed over as well. Without
    # what only tests need there are no tests.
    set(testable TRUE)
    foreach(list IN ITEMS DEPENDS TEST_DEPENDS)
        set(${list})
        foreach(need IN LISTS needs_${list})
            if(need MATCHES "^(platform|pipeline|domains|integrations)/")
                mobilytics_is_part(${need} there)
                if(NOT there)
                    set(testable FALSE)
                    continue()
                elseif(NOT EXISTS ${CMAKE_SOURCE_DIR}/src/${need})
                    continue()
                endif()
                string(REPLACE / _ need ${need})
            endif()
            list(APPEND ${list} ${need})
        endforeach()
    endforeach()
    mobilytics_precompiled()
    cmake_path(GET module FILENAME name)
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${folder}/*.cpp)
    file(GLOB_RECURSE tests CONFIGURE_DEPENDS ${folder}/*_test.cpp)
    file(GLOB_RECURSE benches CONFIGURE_DEPENDS ${folder}/*_bench.cpp)
    file(GLOB_RECURSE fuzzers CONFIGURE_DEPENDS ${folder}/*_fuzz.cpp)
    file(GLOB migrations CONFIGURE_DEPENDS ${folder}/migrations/*.sql)
    file(GLOB duckdb_migrations CONFIGURE_DEPENDS ${folder}/duckdb/migrations/*.sql)
    file(GLOB protos CONFIGURE_DEPENDS ${folder}/*.proto)
    list(REMOVE_ITEM sources ${tests} ${benches} ${fuzzers})
    if(EXISTS ${folder}/openapi.yaml)
        mobilytics_generate(api api_gen.py
            "${folder}/openapi.yaml;${CMAKE_SOURCE_DIR}/src/foundation/foundation.yaml"
            ${folder}/openapi.yaml)
    endif()
    if(migrations)
        mobilytics_generate(migrations embed_sql.py "${migrations}" ${module} ${folder}/migrations)
    endif()
    if(duckdb_migrations)
        mobilytics_generate(duckdb_migrations embed_sql.py "${duckdb_migrations}"
            ${module} ${folder}/duckdb/migrations)
    endif()
    foreach(proto IN LISTS protos)
        cmake_path(GET proto STEM stem)
        set(made ${CMAKE_BINARY_DIR}/generated/${module}/${stem}.pb)
        add_custom_command(OUTPUT ${made}.cc ${made}.h
            COMMAND protobuf::protoc --proto_path=${CMAKE_SOURCE_DIR}/src
                    --cpp_out=lite:${CMAKE_BINARY_DIR}/generated ${proto}
            DEPENDS ${proto})
        set_source_files_properties(${made}.cc PROPERTIES
            COMPILE_OPTIONS -w SKIP_PRECOMPILE_HEADERS ON)
        list(APPEND sources ${made}.cc)
        list(APPEND made_headers ${made}.h)
    endforeach()
    add_library(${target} ${sources})
    target_link_libraries(${target} PUBLIC ${DEPENDS})
    target_precompile_headers(${target} REUSE_FROM precompiled_module)
    if(made_headers)
        # Others include them: they are there before anybody's sources are compiled.
        add_custom_target(${target}_made DEPENDS ${made_headers})
        add_dependencies(${target} ${target}_made)
    endif()
    if(tests AND testable)
        add_executable(${target}_test ${tests})
        target_link_libraries(${target}_test PRIVATE
            ${target} ${TEST_DEPENDS} rapidcheck GTest::gmock GTest::gtest_main)
        target_precompile_headers(${target}_test REUSE_FROM precompiled_test)
        add_test(NAME ${module} COMMAND ${target}_test WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
    endif()
    if(benches AND TARGET benchmark::benchmark_main)
        add_executable(${target}_bench EXCLUDE_FROM_ALL ${benches})
        target_link_libraries(${target}_bench PRIVATE
            ${target} ${TEST_DEPENDS} benchmark::benchmark_main)
        mobilytics_allocator(${target}_bench)
    endif()
    foreach(fuzzer IN LISTS fuzzers)
        mobilytics_fuzzer(${target} ${fuzzer})
    endforeach()
endfunction()

# <name>_fuzz.cpp defines LLVMFuzzerTestOneInput. Everywhere, its kept corpus
# (<folder>/fuzz_corpus/<name>/) is run as a test; with -DMOBILYTICS_FUZZ=ON (clang) it is a fuzzer.
function(mobilytics_fuzzer target fuzzer)
    cmake_path(GET fuzzer STEM stem)
    cmake_path(GET fuzzer PARENT_PATH folder)
    string(REGEX REPLACE "_fuzz$" "" subject ${stem})
    if(MOBILYTICS_FUZZ)
        add_executable(${stem} ${fuzzer})
        target_compile_options(${stem} PRIVATE -fsanitize=fuzzer)
        target_link_options(${stem} PRIVATE -fsanitize=fuzzer)
    else()
        add_executable(${stem} ${fuzzer} ${CMAKE_SOURCE_DIR}/tools/fuzz_corpus_main.cpp)
        add_test(NAME fuzz/${subject}
            COMMAND ${stem} ${folder}/fuzz_corpus/${subject} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
    endif()
    target_link_libraries(${stem} PRIVATE ${target})
endfunction()

# A folder with a CMakeLists.txt of its own: programs, and what spans modules.
function(mobilytics_tree folder)
    mobilytics_is_part(${folder} wanted)
    foreach(at src/${folder} ${folder})
        if(wanted AND EXISTS ${CMAKE_SOURCE_DIR}/${at}/CMakeLists.txt)
            mobilytics_precompiled()
            add_subdirectory(${CMAKE_SOURCE_DIR}/${at} ${CMAKE_BINARY_DIR}/${folder})
        endif()
    endforeach()
endfunction()

function(mobilytics_checks)
    find_program(CLANG_FORMAT NAMES clang-format-19 REQUIRED)
    file(GLOB_RECURSE files CONFIGURE_DEPENDS src/*.h src/*.cpp tests/*.h tests/*.cpp)
    # Not in the folders of tools/: installed packages bring sources of their own.
    file(GLOB tool_files CONFIGURE_DEPENDS tools/*.cpp)
    list(APPEND files ${tool_files})
    add_test(NAME format COMMAND ${CLANG_FORMAT} --dry-run -Werror ${files})
    add_test(NAME tidy COMMAND ${Python3_EXECUTABLE} -B tools/tidy.py
        WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
    add_test(NAME security COMMAND ${Python3_EXECUTABLE} -B tools/security.py
        WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
    add_test(NAME migrations COMMAND ${Python3_EXECUTABLE} -B tools/migration_lint.py
        WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
    add_test(NAME shipping COMMAND ${Python3_EXECUTABLE} -B tools/shipping_test.py
        WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
    add_test(NAME tools COMMAND ${Python3_EXECUTABLE} -B tools/tools_test.py
        WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
endfunction()
