package main

import (
	"context"
	"fmt"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64default"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

var (
	replace = []planmodifier.String{stringplanmodifier.RequiresReplace()}
	keep    = []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
)

// One of many resources with attributes of every kind.
type item struct {
	name   string
	domain string
}

type itemModel struct {
	ID       types.String         `tfsdk:"id"`
	Name     types.String         `tfsdk:"name"`
	Region   types.String         `tfsdk:"region"`
	Title    types.String         `tfsdk:"title"`
	Owner    types.String         `tfsdk:"owner"`
	Size     types.Int64          `tfsdk:"size"`
	Retries  types.Int64          `tfsdk:"retries"`
	Enabled  types.Bool           `tfsdk:"enabled"`
	Tier     types.String         `tfsdk:"tier"`
	Schedule types.String         `tfsdk:"schedule"`
	Label    types.String         `tfsdk:"label"`
	Labels   types.Map            `tfsdk:"labels"`
	Zones    types.List           `tfsdk:"zones"`
	Ports    types.Set            `tfsdk:"ports"`
	Password types.String         `tfsdk:"password"`
	Token    types.String         `tfsdk:"token"`
	Network  *networkModel        `tfsdk:"network"`
	Disks    []diskModel          `tfsdk:"disks"`
	Users    map[string]userModel `tfsdk:"users"`
	Address  types.String         `tfsdk:"address"`
	Created  types.String         `tfsdk:"created"`
}

type networkModel struct {
	Range    types.String `tfsdk:"range"`
	Port     types.Int64  `tfsdk:"port"`
	Internal types.Bool   `tfsdk:"internal"`
	Peers    types.List   `tfsdk:"peers"`
}

type diskModel struct {
	Name      types.String `tfsdk:"name"`
	Size      types.Int64  `tfsdk:"size"`
	Kind      types.String `tfsdk:"kind"`
	Encrypted types.Bool   `tfsdk:"encrypted"`
}

type userModel struct {
	Email  types.String `tfsdk:"email"`
	Groups types.List   `tfsdk:"groups"`
	Admin  types.Bool   `tfsdk:"admin"`
}

func (item *item) Metadata(_ context.Context, request resource.MetadataRequest, response *resource.MetadataResponse) {
	response.TypeName = request.ProviderTypeName + "_" + item.name
}

func (item *item) Configure(
	_ context.Context, request resource.ConfigureRequest, _ *resource.ConfigureResponse,
) {
	item.domain, _ = request.ProviderData.(string)
}

func (*item) Schema(_ context.Context, _ resource.SchemaRequest, response *resource.SchemaResponse) {
	response.Schema = schema.Schema{
		MarkdownDescription: "An item of the catalogue.",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				MarkdownDescription: "By what the item is known.",
				Computed:            true,
				PlanModifiers:       keep,
			},
			"name": schema.StringAttribute{
				MarkdownDescription: "What the item is called. Changing it makes a new item.",
				Required:            true,
				PlanModifiers:       replace,
				Validators:          []validator.String{stringvalidator.UTF8LengthBetween(1, 80)},
			},
			"region": schema.StringAttribute{
				MarkdownDescription: "Where the item is. Changing it makes a new item.",
				Required:            true,
				PlanModifiers:       replace,
				Validators: []validator.String{
					stringvalidator.RegexMatches(regexp.MustCompile(`^[a-z0-9-]+$`), "a region such as eu-1"),
				},
			},
			"title": schema.StringAttribute{
				MarkdownDescription: "What people read.",
				Optional:            true,
			},
			"owner": schema.StringAttribute{
				MarkdownDescription: "Whom to ask.",
				Optional:            true,
			},
			"size": schema.Int64Attribute{
				MarkdownDescription: "How large the item is, in GiB.",
				Optional:            true,
			},
			"retries": schema.Int64Attribute{
				MarkdownDescription: "How often what fails is tried again. Default: `3`.",
				Optional:            true,
				Computed:            true,
				Default:             int64default.StaticInt64(3),
			},
			"enabled": schema.BoolAttribute{
				MarkdownDescription: "Whether the item can be ordered. Default: `true`.",
				Optional:            true,
				Computed:            true,
				Default:             booldefault.StaticBool(true),
			},
			"tier": schema.StringAttribute{
				MarkdownDescription: "How good the item is: `basic`, `standard` or `premium`. Default: `standard`.",
				Optional:            true,
				Computed:            true,
				Default:             stringdefault.StaticString("standard"),
				Validators:          []validator.String{stringvalidator.OneOf("basic", "standard", "premium")},
			},
			"schedule": schema.StringAttribute{
				MarkdownDescription: "When the item is delivered.",
				Optional:            true,
			},
			"label": schema.StringAttribute{
				MarkdownDescription: "The one label of old.",
				Optional:            true,
				DeprecationMessage:  "Use labels.",
			},
			"labels": schema.MapAttribute{
				MarkdownDescription: "By what the item is found.",
				Optional:            true,
				ElementType:         types.StringType,
			},
			"zones": schema.ListAttribute{
				MarkdownDescription: "Where in the region the item may be, the best first.",
				Optional:            true,
				ElementType:         types.StringType,
			},
			"ports": schema.SetAttribute{
				MarkdownDescription: "On which ports the item listens.",
				Optional:            true,
				ElementType:         types.Int64Type,
			},
			"password": schema.StringAttribute{
				MarkdownDescription: "What opens the item.",
				Optional:            true,
				Sensitive:           true,
			},
			"token": schema.StringAttribute{
				MarkdownDescription: "What orders the item. It is never stored.",
				Optional:            true,
				Sensitive:           true,
				WriteOnly:           true,
			},
			"network": networkAttribute(),
			"disks":   disksAttribute(),
			"users":   usersAttribute(),
			"address": schema.StringAttribute{
				MarkdownDescription: "Where the item is reached.",
				Computed:            true,
			},
			"created": schema.StringAttribute{
				MarkdownDescription: "When the item was made.",
				Computed:            true,
				PlanModifiers:       keep,
			},
		},
	}
}

func networkAttribute() schema.Attribute {
	return schema.SingleNestedAttribute{
		MarkdownDescription: "How the item is connected.",
		Optional:            true,
		Attributes: map[string]schema.Attribute{
			"range":    schema.StringAttribute{MarkdownDescription: "Its addresses.", Required: true},
			"port":     schema.Int64Attribute{MarkdownDescription: "Its port.", Optional: true},
			"internal": schema.BoolAttribute{MarkdownDescription: "Whether nobody else sees it.", Optional: true},
			"peers": schema.ListAttribute{
				MarkdownDescription: "What else it reaches.",
				Optional:            true,
				ElementType:         types.StringType,
			},
		},
	}
}

func disksAttribute() schema.Attribute {
	return schema.ListNestedAttribute{
		MarkdownDescription: "What the item stores on.",
		Optional:            true,
		NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
			"name":      schema.StringAttribute{MarkdownDescription: "The disk's name.", Required: true},
			"size":      schema.Int64Attribute{MarkdownDescription: "Its size in GiB.", Required: true},
			"kind":      schema.StringAttribute{MarkdownDescription: "What it is made of.", Optional: true},
			"encrypted": schema.BoolAttribute{MarkdownDescription: "Whether it is encrypted.", Optional: true},
		}},
	}
}

func usersAttribute() schema.Attribute {
	return schema.MapNestedAttribute{
		MarkdownDescription: "Who may use the item, by name.",
		Optional:            true,
		NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
			"email": schema.StringAttribute{MarkdownDescription: "Where the user is written to.", Required: true},
			"groups": schema.ListAttribute{
				MarkdownDescription: "What the user belongs to.",
				Optional:            true,
				ElementType:         types.StringType,
			},
			"admin": schema.BoolAttribute{MarkdownDescription: "Whether the user may do everything.", Optional: true},
		}},
	}
}

func (item *item) finish(model *itemModel) {
	model.ID = types.StringValue(fmt.Sprintf("%s/%s", model.Region.ValueString(), model.Name.ValueString()))
	model.Address = types.StringValue(
		fmt.Sprintf("%s.%s.%s", model.Name.ValueString(), model.Region.ValueString(), item.domain),
	)
	model.Created = types.StringValue("2026-01-01T00:00:00Z")
}

func (item *item) Create(ctx context.Context, request resource.CreateRequest, response *resource.CreateResponse) {
	var model itemModel
	response.Diagnostics.Append(request.Plan.Get(ctx, &model)...)
	if response.Diagnostics.HasError() {
		return
	}
	item.finish(&model)
	response.Diagnostics.Append(response.State.Set(ctx, &model)...)
}

func (*item) Read(ctx context.Context, request resource.ReadRequest, response *resource.ReadResponse) {
	var model itemModel
	response.Diagnostics.Append(request.State.Get(ctx, &model)...)
	if response.Diagnostics.HasError() {
		return
	}
	response.Diagnostics.Append(response.State.Set(ctx, &model)...)
}

func (item *item) Update(ctx context.Context, request resource.UpdateRequest, response *resource.UpdateResponse) {
	var model itemModel
	response.Diagnostics.Append(request.Plan.Get(ctx, &model)...)
	if response.Diagnostics.HasError() {
		return
	}
	item.finish(&model)
	response.Diagnostics.Append(response.State.Set(ctx, &model)...)
}

func (*item) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}
