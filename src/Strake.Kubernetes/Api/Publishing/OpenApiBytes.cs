using System.Text;

namespace Strake.Kubernetes.Api;

/// <summary>OpenAPI in version 2 as protobuf, of which there is only the document that describes nothing: what clients need of it, version 3 says.</summary>
/// <remarks>The message <c>openapi.v2.Document</c> of gnostic: 1 swagger, 2 info (1 title, 2 version), 8 paths.</remarks>
public static class OpenApiBytes
{
    /// <summary>The type by which clients ask for it. They could not read it themselves in an answer: <c>@</c> is no part of a type's name.</summary>
    public const string AskedType = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";

    /// <summary>The type with which they are answered.</summary>
    public const string ContentType = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

    /// <summary>The document.</summary>
    public static ReadOnlyMemory<byte> Empty { get; } = Make();

    static byte[] Make()
    {
        byte[] info = [.. Field(1, "Kubernetes"u8), .. Field(2, Encoding.ASCII.GetBytes(ServedVersion.Text))];
        return [.. Field(1, "2.0"u8), .. Field(2, info), .. Field(8, [])];
    }

    // All lengths here are below 128, and so one byte.
    static byte[] Field(int number, ReadOnlySpan<byte> bytes) => [(byte)((number << 3) | 2), (byte)bytes.Length, .. bytes];
}
