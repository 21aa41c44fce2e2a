// The provider `catalog`, written with HashiCorp's terraform-plugin-framework. Its twin, with the same schema and the
// same answers, is crates/tfplugin-sdk/benches/catalog; `cargo xtask bench sdk` refuses to measure when they differ.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// How many resources there are beside the inventory. They differ in nothing but their names.
const items = 200

type catalog struct{}

type catalogModel struct {
	Domain types.String `tfsdk:"domain"`
}

func (catalog) Metadata(_ context.Context, _ provider.MetadataRequest, response *provider.MetadataResponse) {
	response.TypeName = "catalog"
}

func (catalog) Schema(_ context.Context, _ provider.SchemaRequest, response *provider.SchemaResponse) {
	response.Schema = schema.Schema{
		MarkdownDescription: "Keeps a catalogue.",
		Attributes: map[string]schema.Attribute{
			"domain": schema.StringAttribute{
				MarkdownDescription: "What every address ends with. Default: `example.org`.",
				Optional:            true,
			},
		},
	}
}

func (catalog) Configure(
	ctx context.Context, request provider.ConfigureRequest, response *provider.ConfigureResponse,
) {
	var config catalogModel
	response.Diagnostics.Append(request.Config.Get(ctx, &config)...)
	domain := config.Domain.ValueString()
	if domain == "" {
		domain = "example.org"
	}
	response.ResourceData = domain
}

func (catalog) Resources(context.Context) []func() resource.Resource {
	resources := []func() resource.Resource{func() resource.Resource { return &inventory{} }}
	for number := range items {
		name := fmt.Sprintf("item_%03d", number)
		resources = append(resources, func() resource.Resource { return &item{name: name} })
	}
	return resources
}

func (catalog) DataSources(context.Context) []func() datasource.DataSource {
	return nil
}

func main() {
	newProvider := func() provider.Provider { return catalog{} }
	options := providerserver.ServeOpts{
		Address:         "registry.terraform.io/example/catalog",
		ProtocolVersion: 6,
	}
	if err := providerserver.Serve(context.Background(), newProvider, options); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
