# Varnish as a shared cache in front of the gateway: docs/how-to/put-a-cache-in-front.md says why each line is there.
vcl 4.1;

backend gateway {
  .host = "127.0.0.1";
  .port = "4000";
}

acl purgers {
  "127.0.0.1";
}

sub vcl_recv {
  # Drops every answer that shows one of the entities: curl -X PURGE -H 'Surrogate-Key: Book:madame-bovary' ...
  if (req.method == "PURGE") {
    if (client.ip !~ purgers || !req.http.Surrogate-Key) {
      return (synth(403));
    }
    ban("obj.http.Surrogate-Key ~ (^|\s)(" + regsuball(req.http.Surrogate-Key, "\s+", "|") + ")(\s|$)");
    return (synth(204));
  }
  # Authorization and Cookie pass by themselves.
  if (req.http.Proxy-Authorization || req.http.X-Api-Key) {
    return (pass);
  }
}

sub vcl_backend_response {
  # What is past its time is asked for with its tag, which costs a 304.
  set beresp.keep = 1h;
  # By itself Varnish gives out answers for ten seconds more than it was told to.
  if (beresp.http.Cache-Control !~ "stale-while-revalidate") {
    set beresp.grace = 0s;
  }
}

sub vcl_deliver {
  unset resp.http.Surrogate-Key;
  if (obj.hits > 0) {
    set resp.http.Cache-Status = "varnish; hit";
  } else {
    set resp.http.Cache-Status = "varnish; fwd=miss";
  }
}
