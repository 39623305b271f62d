using Strake.Daemon.Server;

namespace Strake.Daemon.Tests.Server;

public sealed class RouterTests
{
    static readonly Router s_router = new(
    [
        Route("GET", "/_ping"),
        Route("GET", "/images/json"),
        Route("GET", "/images/get"),
        Route("GET", "/images/{name...}/get"),
        Route("GET", "/images/{name...}/json"),
        Route("DELETE", "/images/{name...}"),
        Route("POST", "/containers/{id}/start"),
    ]);

    static Route Route(string method, string template) => new(method, template, _ => Task.CompletedTask);

    [Theory]
    [InlineData("GET", "/_ping", "/_ping", null, null)]
    [InlineData("GET", "/v1.51/_ping", "/_ping", null, "1.51")]
    [InlineData("GET", "/v1.24/images/json", "/images/json", null, "1.24")]
    [InlineData("GET", "/v0.1/images/json", "/images/json", null, "0.1")]
    [InlineData("GET", "/images/busybox/json", "/images/{name...}/json", "busybox", null)]
    [InlineData("GET", "/images/localhost:5000/a/b:1/json", "/images/{name...}/json", "localhost:5000/a/b:1", null)]
    [InlineData("GET", "/images/localhost:5000%2Fa%2fb:1/json", "/images/{name...}/json", "localhost:5000/a/b:1", null)]
    [InlineData("GET", "/images/json/json", "/images/{name...}/json", "json", null)]
    [InlineData("DELETE", "/images/a/b", "/images/{name...}", "a/b", null)]
    [InlineData("DELETE", "/images/json", "/images/{name...}", "json", null)]
    public void A_path_finds_its_route(string method, string path, string template, string? name, string? version)
    {
        RouteMatch? match = s_router.Find(method, path);
        Assert.NotNull(match);
        Assert.Equal(template, match.Route.Template.Text);
        if (name is not null) Assert.Equal(name, match.Values["name"]);
        Assert.Equal(version, match.Version?.ToString());
    }

    [Theory]
    [InlineData("GET", "/")]
    [InlineData("GET", "")]
    [InlineData("GET", "/v1.51")]
    [InlineData("GET", "/v1.51/")]
    [InlineData("GET", "/nothing")]
    [InlineData("POST", "/_ping")]
    [InlineData("GET", "/_ping/")]
    [InlineData("GET", "/images/json/")]
    [InlineData("GET", "/images//json")]
    [InlineData("POST", "/containers//start")]
    [InlineData("POST", "/containers/a/b/start")]
    [InlineData("GET", "/V1.51/_ping")]
    [InlineData("GET", "/v1/_ping")]
    [InlineData("GET", "/v1.x/_ping")]
    [InlineData("GET", "/v1.99999999999999999999/_ping")]
    public void What_is_no_route_finds_none(string method, string path) => Assert.Null(s_router.Find(method, path));

    [Fact]
    public void Versions_are_compared_as_numbers()
    {
        Assert.True(new ApiVersion(1, 9) < new ApiVersion(1, 10));
        Assert.True(ApiVersion.Oldest < ApiVersion.Newest);
        Assert.True(new ApiVersion(2, 0) > ApiVersion.Newest);
    }
}
