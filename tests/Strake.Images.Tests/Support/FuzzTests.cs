using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Strake.Images.Tests;

/// <summary>Whatever bytes come, parsing them gives a result or a refusal with a kind, never another exception.</summary>
public class FuzzTests
{
    const int Inputs = 100_000;

    static readonly string[] s_tokens =
    [
        "{", "}", "[", "]", ",", ":", "\"", "null", "true", "-1", "1e999", "9223372036854775808", "\\u0000", "\\ud800", "\u00ff", "..", "/", "@sha256:",
        "\"layers\":[]", "\"manifests\":[]", "\"config\":{}", "\"rootfs\":{}", "\"Volumes\":{\"..\":{}}", "\"schemaVersion\":1", "A", "-", "_", ".",
    ];

    [Fact]
    public void Configs() => Fuzz(TestImage.Of("2024-01-01T00:00:00Z", "a", "b").Config, bytes =>
    {
        var config = ImageConfig.Parse(bytes);
        Assert.Equal(Digest.Of(bytes), config.Id.Digest);
        _ = (config.CreatedAt, config.Labels, config.Platform);
    });

    [Fact]
    public void Manifests() => Fuzz(
        Encoding.UTF8.GetBytes($$"""
            {"schemaVersion":2,"mediaType":"{{MediaTypes.OciManifest}}","config": {{TestArchives.Descriptor(MediaTypes.OciConfig, [1])}} ,
             "layers":[{{TestArchives.Descriptor(MediaTypes.OciLayer, [2])}}],"annotations":{"a":"b"} }
            """),
        bytes => _ = ManifestDocument.Parse(bytes, MediaTypes.OciManifest) is ImageManifest { IsImage: true });

    [Fact]
    public void References() => Fuzz("reg.example:5000/a/b_c:tag@sha256:e6693c20186f837fc393390135d8a598a96a833917917789d63766cab6c59582"u8.ToArray(), bytes =>
    {
        var reference = ImageReference.Parse(Encoding.Latin1.GetString(bytes));
        Assert.Equal(reference, ImageReference.Parse(reference.ToString()));
    });

    static void Fuzz(byte[] seed, Action<byte[]> parse)
    {
        var inputs = Gen.ArrayOf(Gen.Choose(0, int.MaxValue - 1), 6).Select(numbers => Mutate(seed, numbers));
        Prop.ForAll(Arb.From(inputs), input =>
        {
            try
            {
                parse(input);
            }
            catch (StrakeException e) when (e.Kind is ErrorKind.Invalid or ErrorKind.TooLarge)
            {
                // Refused as it should be.
            }
        }).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(Inputs));
    }

    // Pairs of numbers: where, and what happens there.
    static byte[] Mutate(byte[] seed, int[] numbers)
    {
        var bytes = seed.ToList();
        for (var i = 0; i + 1 < numbers.Length; i += 2)
        {
            var (where, what) = (numbers[i] % (bytes.Count + 1), numbers[i + 1]);
            switch (what % 5)
            {
                case 0 when where < bytes.Count:
                    bytes[where] = (byte)(what >> 8);
                    break;
                case 1:
                    bytes.RemoveRange(where, Math.Min((what >> 8) % 24, bytes.Count - where));
                    break;
                case 2:
                    bytes.InsertRange(where, Encoding.Latin1.GetBytes(s_tokens[(what >> 8) % s_tokens.Length]));
                    break;
                case 3:
                    bytes.InsertRange(where, bytes.Slice(0, Math.Min((what >> 8) % 64, bytes.Count)));
                    break;
                default:
                    bytes.RemoveRange(where, bytes.Count - where);
                    break;
            }
        }

        return [.. bytes];
    }
}
