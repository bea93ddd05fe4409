# The only three ways a target is made here. Sources are listed by name, never globbed.

# dondoc_cc_library(NAME registry_store SRCS ... DEPS ... [SCHEMA registry_001.sql ...])
#
# A static library named ${NAME}, linked by everybody as dondoc::${NAME}.
# Paths in #include are always relative to the repository root. SCHEMA takes numbered SQL files
# (schema/<component>_<number>.sql) into the library: dondoc::<component>_schema() returns them as
# std::vector<store::Migration>.
function(dondoc_cc_library)
  cmake_parse_arguments(ARG "" "NAME" "SRCS;DEPS;SCHEMA" ${ARGN})
  if(ARG_SCHEMA)
    set(steps "")
    foreach(file IN LISTS ARG_SCHEMA)
      string(REGEX MATCH "([a-z]+)_([0-9]+)\\.sql$" matched ${file})
      set(component ${CMAKE_MATCH_1})
      set(number ${CMAKE_MATCH_2})
      set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
      file(READ ${file} sql)
      string(REGEX REPLACE "^0+" "" number ${number})
      string(APPEND steps "      {\"${component}\", ${number}, R\"sql(${sql})sql\"},\n")
    endforeach()
    set(generated ${CMAKE_CURRENT_BINARY_DIR}/${component}_schema.cc)
    file(CONFIGURE OUTPUT ${generated} CONTENT [[
#include "libs/store/database.h"
namespace dondoc {
std::vector<store::Migration> @component@_schema();
std::vector<store::Migration> @component@_schema() {
  return {
@steps@  };
}
}  // namespace dondoc
]] @ONLY)
    list(APPEND ARG_SRCS ${generated})
  endif()
  add_library(${ARG_NAME} STATIC ${ARG_SRCS})
  add_library(dondoc::${ARG_NAME} ALIAS ${ARG_NAME})
  target_include_directories(${ARG_NAME} PUBLIC ${PROJECT_SOURCE_DIR})
  target_compile_features(${ARG_NAME} PUBLIC cxx_std_20)
  target_link_libraries(${ARG_NAME} PUBLIC ${ARG_DEPS} PRIVATE dondoc_warnings)
endfunction()

# dondoc_cc_test(NAME task_test SRCS task_test.cc DEPS dondoc::registry_domain [LABEL system]
#                [POSTGRESQL] [TOGETHER])
#
# A GoogleTest program; every case in it becomes one test of ctest, or with TOGETHER the program one
# test, because its cases share what takes long to set up. POSTGRESQL runs the whole program
# once more, as one test, with its databases on a PostgreSQL server instead of in SQLite files.
function(dondoc_cc_test)
  cmake_parse_arguments(ARG "POSTGRESQL;TOGETHER" "NAME;LABEL" "SRCS;DEPS" ${ARGN})
  if(NOT BUILD_TESTING)
    return()
  endif()
  add_executable(${ARG_NAME} ${ARG_SRCS})
  target_include_directories(${ARG_NAME} PRIVATE ${PROJECT_SOURCE_DIR})
  target_compile_features(${ARG_NAME} PRIVATE cxx_std_20)
  target_link_libraries(${ARG_NAME} PRIVATE ${ARG_DEPS} GTest::gmock GTest::gtest_main dondoc_warnings)
  if(NOT ARG_LABEL)
    set(ARG_LABEL unit)
  endif()
  if(ARG_TOGETHER)
    add_test(NAME ${ARG_NAME} COMMAND ${ARG_NAME})
    set_tests_properties(${ARG_NAME} PROPERTIES LABELS ${ARG_LABEL} TIMEOUT 1200)
  else()
    gtest_discover_tests(${ARG_NAME} DISCOVERY_TIMEOUT 60 PROPERTIES LABELS ${ARG_LABEL} TIMEOUT 300)
  endif()
  if(ARG_POSTGRESQL)
    add_test(NAME ${ARG_NAME}.postgresql COMMAND ${ARG_NAME})
    set_tests_properties(${ARG_NAME}.postgresql PROPERTIES LABELS ${ARG_LABEL} TIMEOUT 1200
      ENVIRONMENT DONDOC_TEST_DATABASE=postgresql)
  endif()
endfunction()

# dondoc_proto_library(NAME registry_proto PROTOS dondoc/registry/v1/unit.proto ... DEPS ...
#                      [IMPORTS folders of other protos])
#
# Generated code is not ours: it is compiled without our warnings and included as a system header.
function(dondoc_proto_library)
  cmake_parse_arguments(ARG "" "NAME" "PROTOS;DEPS;IMPORTS" ${ARGN})
  add_library(${ARG_NAME} STATIC ${ARG_PROTOS})
  add_library(dondoc::${ARG_NAME} ALIAS ${ARG_NAME})
  target_compile_features(${ARG_NAME} PUBLIC cxx_std_20)
  target_link_libraries(${ARG_NAME} PUBLIC protobuf::libprotobuf gRPC::grpc++ ${ARG_DEPS})
  target_include_directories(${ARG_NAME} SYSTEM PUBLIC ${CMAKE_CURRENT_BINARY_DIR})
  protobuf_generate(TARGET ${ARG_NAME} IMPORT_DIRS ${CMAKE_CURRENT_SOURCE_DIR} ${ARG_IMPORTS})
  protobuf_generate(TARGET ${ARG_NAME} IMPORT_DIRS ${CMAKE_CURRENT_SOURCE_DIR} ${ARG_IMPORTS} LANGUAGE grpc
    GENERATE_EXTENSIONS .grpc.pb.h .grpc.pb.cc
    PLUGIN "protoc-gen-grpc=$<TARGET_FILE:gRPC::grpc_cpp_plugin>")
endfunction()
