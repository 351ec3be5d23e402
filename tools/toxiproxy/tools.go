//go:build tools

// Package tools pins the Toxiproxy that stands between daemons and their agents in some tests.
package tools

import _ "github.com/Shopify/toxiproxy/v2/cmd/server"
