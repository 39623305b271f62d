using System.Text;
using System.Text.Json.Nodes;

namespace Strake.Images.Tests;

/// <summary>An image made for a test: a config and the tars of its layers.</summary>
sealed class TestImage
{
    TestImage(byte[] config, IReadOnlyList<byte[]> layers) => (Config, Layers) = (config, layers);

    public byte[] Config { get; }

    /// <summary>Plain tars, lowest first.</summary>
    public IReadOnlyList<byte[]> Layers { get; }

    public ImageId Id => new(Digest.Of(Config));

    public IReadOnlyList<DiffId> DiffIds => [.. Layers.Select(l => new DiffId(Digest.Of(l)))];

    /// <summary>An image whose layers hold one file each.</summary>
    /// <param name="created">When; differs where the test wants different IDs for the same layers.</param>
    /// <param name="contents">A layer for each.</param>
    public static TestImage Of(string created, params string[] contents) => WithLayers(created, [.. contents.Select(Layer)]);

    public static TestImage WithLayers(string created, params byte[][] layers) => new(ConfigOf(layers, created), layers);

    /// <summary>An image made from this one by a step with a layer.</summary>
    public TestImage Child(string created, string content)
    {
        byte[][] layers = [.. Layers, Layer(content)];
        var child = ConfigOf(layers, created);
        return new TestImage(Change(child, c =>
        {
            var history = JsonNode.Parse(Config)!["history"]!.AsArray();
            history.Add(JsonNode.Parse($$"""{"created":"{{created}}","created_by":"step {{content}}"}"""));
            c["history"] = history.DeepClone();
        }), layers);
    }

    /// <summary>The same image with another config.</summary>
    public TestImage With(Action<JsonObject> change) => new(Change(Config, change), Layers);

    public static byte[] Layer(string content) => new TestTar().Directory("etc/").File($"etc/{content}", content).ToArray();

    static byte[] Change(byte[] config, Action<JsonObject> change)
    {
        var node = JsonNode.Parse(config)!.AsObject();
        change(node);
        return Encoding.UTF8.GetBytes(node.ToJsonString());
    }

    // Written by hand, with spaces and a property that is not known: its bytes must come back as they are.
    static byte[] ConfigOf(byte[][] layers, string created) => Encoding.UTF8.GetBytes($$"""
        { "architecture" : "amd64",
          "os" : "linux", "created":"{{created}}", "x-unknown": {"b":1,  "a":[ ]},
          "config": {"Cmd": ["/bin/sh"], "Env":["PATH=/bin"], "Labels":{"made":"{{created}}"}, "WorkingDir":"/"},
          "rootfs": {"type":"layers","diff_ids":[{{string.Join(", ", layers.Select(l => $"\"{Digest.Of(l)}\""))}}]},
          "history": [{{string.Join(", ", layers.Select((_, i) => $$"""{"created":"{{created}}","created_by":"step {{i}}"}"""))}}] }
        """);
}
