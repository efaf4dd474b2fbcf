# SPDX-License-Identifier: GPL-3.0-or-later
pkg_check_modules(yaml REQUIRED IMPORTED_TARGET yaml-0.1)
add_bench(yaml SOURCES yaml_bench.cpp manifests.h measure.h USES object PkgConfig::yaml)
