namespace Strake.Grpc.Tests;

/// <summary>The methods of the tests' service.</summary>
static class Methods
{
    public static GrpcMethod<string, string> Ask { get; } = Of("Ask");

    public static GrpcMethod<string, string> Count { get; } = Of("Count");

    public static GrpcMethod<string, string> Sum { get; } = Of("Sum");

    public static GrpcMethod<string, string> Chat { get; } = Of("Chat");

    static GrpcMethod<string, string> Of(string name) => new("strake.test.Talk", name, new TextMarshaller(), new TextMarshaller());
}
