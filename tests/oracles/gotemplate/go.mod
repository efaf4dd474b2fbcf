module tiphys/oracles/gotemplate

go 1.26
