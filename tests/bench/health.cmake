# SPDX-License-Identifier: GPL-3.0-or-later
add_bench(health SOURCES health_bench.cpp measure.h USES health)
