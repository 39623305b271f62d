using System.Text.Json;
using Strake.Kubernetes.Api;
using Strake.Kubernetes.Kinds;
using Strake.Kubernetes.Schemas;

namespace Strake.Kubernetes.Tests.Kinds;

/// <summary>What holds for the description of every kind.</summary>
public sealed class KindCatalogTests
{
    public static TheoryData<string> All => [.. KindCatalog.BuiltIn.All.Select(static kind => kind.ToString())];

    [Theory]
    [MemberData(nameof(All))]
    public void A_kind_has_metadata_columns_and_keys_that_its_items_have(string name)
    {
        var kind = KindCatalog.BuiltIn.All.Single(one => one.ToString() == name);
        Assert.NotNull(kind.Schema.Find("metadata"));
        Assert.Equal(kind.HasStatus, kind.Schema.Find("status") is not null);
        Assert.NotEmpty(kind.Columns);
        CheckKeys(kind.Schema, kind.ToString());
    }

    [Fact]
    public void Short_names_are_unique()
    {
        var names = KindCatalog.BuiltIn.All.Where(static kind => kind.StoredAs is null).SelectMany(static kind => kind.ShortNames).ToArray();
        Assert.Equal(names.Distinct(), names);
    }

    [Fact]
    public void A_name_stands_for_one_schema()
    {
        var seen = new Dictionary<string, Schema>();
        foreach (var kind in KindCatalog.BuiltIn.All)
            foreach (var schema in Records(kind.Schema))
                if (!seen.TryAdd(schema.Name!, schema)) Assert.Equal(seen[schema.Name!].Fields.Select(static one => one.Name), schema.Fields.Select(static one => one.Name));
    }

    [Fact]
    public void OpenAPI_is_JSON_whose_references_lead_somewhere()
    {
        var openApi = new OpenApi(KindCatalog.BuiltIn);
        foreach (var version in KindCatalog.BuiltIn.GroupVersions)
        {
            var bytes = JsonBytes.Write(writer => openApi.WriteGroup(writer, version));
            using var document = JsonDocument.Parse(bytes);
            var names = document.RootElement.GetProperty("components").GetProperty("schemas").EnumerateObject().Select(static one => one.Name).ToHashSet();
            foreach (var part in System.Text.Encoding.UTF8.GetString(bytes).Split("\"#/components/schemas/").Skip(1)) Assert.Contains(part[..part.IndexOf('"')], names);
        }
    }

    static IEnumerable<Schema> Records(Schema schema) => schema.Type switch
    {
        SchemaType.Record => [schema, .. schema.Fields.SelectMany(static one => Records(one.Schema))],
        SchemaType.Map or SchemaType.List => Records(schema.Items!),
        _ => [],
    };

    static void CheckKeys(Schema schema, string path)
    {
        foreach (var field in schema.Fields) CheckKeys(field.Schema, $"{path}.{field.Name}");
        if (schema.Items is not { } items) return;
        foreach (var key in schema.Keys) Assert.True(items.Find(key) is not null, $"{path}: its items have no {key}");
        CheckKeys(items, path + "[]");
    }
}
