package main

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// One resource with a large state.
type inventory struct{}

type inventoryModel struct {
	Name    types.String `tfsdk:"name"`
	Entries []entryModel `tfsdk:"entries"`
}

type entryModel struct {
	Article  types.String `tfsdk:"article"`
	Title    types.String `tfsdk:"title"`
	Supplier types.String `tfsdk:"supplier"`
	Place    types.String `tfsdk:"place"`
	Unit     types.String `tfsdk:"unit"`
	Notes    types.String `tfsdk:"notes"`
	Count    types.Int64  `tfsdk:"count"`
	Minimum  types.Int64  `tfsdk:"minimum"`
	Active   types.Bool   `tfsdk:"active"`
	Mark     types.String `tfsdk:"mark"`
}

func (*inventory) Metadata(
	_ context.Context, request resource.MetadataRequest, response *resource.MetadataResponse,
) {
	response.TypeName = request.ProviderTypeName + "_inventory"
}

func (*inventory) Schema(_ context.Context, _ resource.SchemaRequest, response *resource.SchemaResponse) {
	response.Schema = schema.Schema{
		MarkdownDescription: "Everything that is in store.",
		Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{
				MarkdownDescription: "Of which store. Changing it makes a new inventory.",
				Required:            true,
				PlanModifiers:       replace,
			},
			"entries": schema.ListNestedAttribute{
				MarkdownDescription: "One article each.",
				Required:            true,
				NestedObject:        schema.NestedAttributeObject{Attributes: entryAttributes()},
			},
		},
	}
}

func entryAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"article": schema.StringAttribute{
			MarkdownDescription: "The article's number.",
			Required:            true,
			Validators:          []validator.String{stringvalidator.UTF8LengthBetween(1, 40)},
		},
		"title":    schema.StringAttribute{MarkdownDescription: "What it is.", Optional: true},
		"supplier": schema.StringAttribute{MarkdownDescription: "Who delivers it.", Optional: true},
		"place":    schema.StringAttribute{MarkdownDescription: "Where it lies.", Optional: true},
		"unit":     schema.StringAttribute{MarkdownDescription: "What is counted.", Optional: true},
		"notes":    schema.StringAttribute{MarkdownDescription: "What else there is to say.", Optional: true},
		"count":    schema.Int64Attribute{MarkdownDescription: "How many there are.", Required: true},
		"minimum":  schema.Int64Attribute{MarkdownDescription: "How many there should be.", Optional: true},
		"active": schema.BoolAttribute{
			MarkdownDescription: "Whether it is still sold. Default: `true`.",
			Optional:            true,
			Computed:            true,
			Default:             booldefault.StaticBool(true),
		},
		"mark": schema.StringAttribute{MarkdownDescription: "What is printed on it.", Computed: true},
	}
}

func finish(model *inventoryModel) {
	for index := range model.Entries {
		entry := &model.Entries[index]
		entry.Mark = types.StringValue(
			fmt.Sprintf("%s/%s", model.Name.ValueString(), entry.Article.ValueString()),
		)
	}
}

func (*inventory) Create(ctx context.Context, request resource.CreateRequest, response *resource.CreateResponse) {
	var model inventoryModel
	response.Diagnostics.Append(request.Plan.Get(ctx, &model)...)
	if response.Diagnostics.HasError() {
		return
	}
	finish(&model)
	response.Diagnostics.Append(response.State.Set(ctx, &model)...)
}

func (*inventory) Read(ctx context.Context, request resource.ReadRequest, response *resource.ReadResponse) {
	var model inventoryModel
	response.Diagnostics.Append(request.State.Get(ctx, &model)...)
	if response.Diagnostics.HasError() {
		return
	}
	response.Diagnostics.Append(response.State.Set(ctx, &model)...)
}

func (*inventory) Update(ctx context.Context, request resource.UpdateRequest, response *resource.UpdateResponse) {
	var model inventoryModel
	response.Diagnostics.Append(request.Plan.Get(ctx, &model)...)
	if response.Diagnostics.HasError() {
		return
	}
	finish(&model)
	response.Diagnostics.Append(response.State.Set(ctx, &model)...)
}

func (*inventory) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}
