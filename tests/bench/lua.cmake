# SPDX-License-Identifier: GPL-3.0-or-later
add_bench(lua SOURCES lua_bench.cpp measure.h USES object processworker)
