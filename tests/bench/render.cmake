# SPDX-License-Identifier: GPL-3.0-or-later
add_bench(render SOURCES render_bench.cpp measure.h USES render)
