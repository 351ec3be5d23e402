//go:build tools

// Package tools pins the Consul that the demo and the tests run on.
package tools

import _ "github.com/hashicorp/consul"
