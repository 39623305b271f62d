using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Strake.EndToEnd.Tests.Hostile;

/// <summary>Writes a docker-archive of which every part can be made to lie.</summary>
public sealed record ImageArchive
{
    /// <summary>The layers as they lie in the archive.</summary>
    public required IReadOnlyList<byte[]> Layers { get; init; }

    /// <summary>The uncompressed layers' digests as the config tells them; null: the truth, layers being uncompressed.</summary>
    public IReadOnlyList<string>? DiffIds { get; init; }

    /// <summary>The layers' names in the archive and the manifest; null: harmless ones.</summary>
    public IReadOnlyList<string>? LayerNames { get; init; }

    /// <summary>The config's name in the archive and the manifest; null: its digest.</summary>
    public string? ConfigName { get; init; }

    /// <summary>The tag.</summary>
    public string Tag { get; init; } = "hostile:one";

    /// <summary>The part `config` of the config.</summary>
    public string Config { get; init; } = """{"Cmd":["/file"]}""";

    /// <summary>The whole manifest.json; null: one that fits.</summary>
    public string? Manifest { get; init; }

    /// <summary>The archive.</summary>
    public byte[] Bytes()
    {
        var names = LayerNames ?? [.. Layers.Select((_, place) => $"layer{place}.tar")];
        var config = Encoding.UTF8.GetBytes(new JsonObject
        {
            ["architecture"] = "amd64",
            ["os"] = "linux",
            ["config"] = JsonNode.Parse(Config),
            ["rootfs"] = new JsonObject
            {
                ["type"] = "layers",
                ["diff_ids"] = new JsonArray([.. (DiffIds ?? [.. Layers.Select(Digest)]).Select(id => JsonValue.Create(id))]),
            },
        }.ToJsonString());
        var configName = ConfigName ?? Digest(config)[7..] + ".json";
        var tar = new TarBytes().File(configName, config);
        foreach (var (name, layer) in names.Zip(Layers)) tar.File(name, layer);
        return tar.File("manifest.json", Manifest ?? new JsonArray(new JsonObject
        {
            ["Config"] = configName,
            ["RepoTags"] = new JsonArray(Tag),
            ["Layers"] = new JsonArray([.. names.Select(name => JsonValue.Create(name))]),
        }).ToJsonString()).Bytes();
    }

    /// <summary>The digest of bytes, as images tell it.</summary>
    public static string Digest(byte[] bytes) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(bytes));
}
